"""The same megabytes as one tensor and as many, handed over by a worker."""

# runs: alone
# prints: (?:(?:1|16|256) tensors: \d+\.\d ms per batch\n?){3}
# workers: 1, 1, 1

# --8<-- [start:code]
import time

import torch
from torch.utils.data import DataLoader, Dataset


class Batches(Dataset):
    """Each item is a whole batch: `pieces` tensors, four megabytes in all."""

    def __init__(self, pieces):
        self.pieces = [torch.zeros(1_000_000 // pieces)] * pieces

    def __len__(self):
        return 44

    def __getitem__(self, index):
        return [piece + index for piece in self.pieces]


def seconds_per_batch(dataset):
    batches = iter(DataLoader(dataset, batch_size=None, num_workers=1))
    for _ in range(4):
        next(batches)
    start = time.perf_counter()
    for _ in range(40):
        next(batches)
    return (time.perf_counter() - start) / 40


if __name__ == "__main__":
    for pieces in (1, 16, 256):
        took = 1000 * seconds_per_batch(Batches(pieces))
        print(f"{pieces} tensors: {took:.1f} ms per batch")
# --8<-- [end:code]
