"""A worker of a fork server has a pool of its own, which nobody has used."""

# needs: forkserver

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
        Squares(),
        num_workers=1,
        timeout=60,
        multiprocessing_context="forkserver",
    )
    print(f"{len(list(loader))} batches")
# --8<-- [end:code]
