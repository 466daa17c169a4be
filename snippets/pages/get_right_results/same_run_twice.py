"""What makes two runs alike: the seed, the number of workers, the order."""

# prints: same seed, same workers: True
# prints: another seed: False
# prints: another number of workers: False
# workers: 2, 2, 2, 2, 2, 1

# --8<-- [start:code]
import random

import torch
from torch.utils.data import DataLoader, Dataset


class Augmented(Dataset):
    def __len__(self):
        return 8

    def __getitem__(self, index):
        return index, random.randrange(1000)


def epoch(seed, num_workers):
    loader = DataLoader(
        Augmented(),
        batch_size=4,
        shuffle=True,
        num_workers=num_workers,
        generator=torch.Generator().manual_seed(seed),
    )
    return [torch.stack(batch).tolist() for batch in loader]


if __name__ == "__main__":
    print("same seed, same workers:", epoch(0, 2) == epoch(0, 2))
    print("another seed:", epoch(0, 2) == epoch(1, 2))
    print("another number of workers:", epoch(0, 2) == epoch(0, 1))
# --8<-- [end:code]
