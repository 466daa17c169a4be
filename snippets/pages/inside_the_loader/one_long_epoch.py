"""Epochs with kept workers, and one long epoch with as many rounds."""

# runs: in pairs
# prints: three epochs, ms before each batch:(?: \d+){12}
# prints: one epoch, ms before each batch:(?: \d+){12}
# workers: 2, 2, 2, 2

# --8<-- [start:code]
import time

import torch
from torch.utils.data import DataLoader, Dataset


class Items(Dataset):
    def __len__(self):
        return 16

    def __getitem__(self, index):
        time.sleep(0.050)
        return index


class Rounds:
    """A batch sampler: every item once per round, in a new order."""

    def __init__(self, size, batch_size, rounds):
        self.size = size
        self.batch_size = batch_size
        self.rounds = rounds

    def __iter__(self):
        for _ in range(self.rounds):
            for batch in torch.randperm(self.size).split(self.batch_size):
                yield batch.tolist()


def waits(batches):
    asked = time.perf_counter()
    for _ in batches:
        yield round(1000 * (time.perf_counter() - asked))
        time.sleep(0.120)
        asked = time.perf_counter()


if __name__ == "__main__":
    kept = DataLoader(
        Items(), 4, shuffle=True, num_workers=2, persistent_workers=True
    )
    three_epochs = [wait for _ in range(3) for wait in waits(kept)]
    print("three epochs, ms before each batch:", *three_epochs)
    one_epoch = DataLoader(
        Items(), batch_sampler=Rounds(16, 4, rounds=3), num_workers=2
    )
    print("one epoch, ms before each batch:", *waits(one_epoch))
# --8<-- [end:code]
