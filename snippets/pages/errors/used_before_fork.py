"""A pool was used before the fork: the worker has none of its threads."""

# needs: fork

# --8<-- [start:code]
from concurrent.futures import ThreadPoolExecutor

import torch
from torch.utils.data import DataLoader, Dataset

POOL = ThreadPoolExecutor(1)


class Squares(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        return torch.tensor(POOL.submit(pow, index, 2).result())


if __name__ == "__main__":
    print(f"in the main process: {Squares()[3]}")
    loader = DataLoader(
        Squares(), num_workers=1, timeout=3, multiprocessing_context="fork"
    )
    print(f"{len(list(loader))} batches")
# --8<-- [end:code]
