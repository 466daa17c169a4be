"""A counter made for forked workers, and a loader that spawns its own."""

# needs: fork

# --8<-- [start:code]
import multiprocessing

import torch
from torch.utils.data import DataLoader, Dataset


class Counted(Dataset):
    def __init__(self):
        self.count = multiprocessing.get_context("fork").Value("i", 0)

    def __len__(self):
        return 32

    def __getitem__(self, index):
        with self.count.get_lock():
            self.count.value += 1
        return torch.tensor(index)


if __name__ == "__main__":
    loader = DataLoader(
        Counted(), batch_size=8, num_workers=1, multiprocessing_context="spawn"
    )
    print(f"{len(list(loader))} batches")
# --8<-- [end:code]
