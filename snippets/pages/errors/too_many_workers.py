"""Twice as many workers as this process may use cores: a warning."""

# --8<-- [start:code]
import os

import torch
from torch.utils.data import DataLoader, Dataset


class Numbers(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        return torch.tensor(index)


def usable_cores():
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count()


if __name__ == "__main__":
    loader = DataLoader(
        Numbers(), batch_size=8, num_workers=2 * usable_cores()
    )
    print(f"{len(list(loader))} batches")
# --8<-- [end:code]
