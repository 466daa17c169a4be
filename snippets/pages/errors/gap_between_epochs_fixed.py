"""One iteration of three epochs: workers go on to the next by themselves."""

# runs: in pairs

# --8<-- [start:code]
import time

import torch
from torch.utils.data import DataLoader, Dataset


class Slow(Dataset):
    def __len__(self):
        return 16

    def __getitem__(self, index):
        time.sleep(0.025)
        return torch.tensor(index)


class Epochs:
    def __init__(self, items, batch_size, epochs):
        self.items, self.batch_size, self.epochs = items, batch_size, epochs

    def __iter__(self):
        for _ in range(self.epochs):
            order = torch.randperm(self.items)
            for part in order.split(self.batch_size):
                yield part.tolist()


if __name__ == "__main__":
    loader = DataLoader(
        Slow(), batch_sampler=Epochs(16, 4, epochs=3), num_workers=2
    )
    batches = iter(loader)
    for epoch in range(3):
        waits, before = [], time.perf_counter()
        for _ in range(4):
            batch = next(batches)
            waits.append(round((time.perf_counter() - before) * 1000))
            time.sleep(0.1)  # the step
            before = time.perf_counter()
        print(f"epoch {epoch}: waited {waits} ms")
# --8<-- [end:code]
