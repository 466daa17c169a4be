"""A fork server that imports torch once, so that no worker has to."""

# needs: forkserver
# runs: alone
# prints: first epoch: \d+\.\d{3} s
# prints: second epoch: \d+\.\d{3} s
# workers: 2, 2

# --8<-- [start:code]
import multiprocessing
import time

import torch
from torch.utils.data import DataLoader, Dataset


class Numbers(Dataset):
    def __len__(self):
        return 64

    def __getitem__(self, index):
        return torch.tensor(float(index))


def seconds_to_first_batch():
    loader = DataLoader(
        Numbers(),
        batch_size=8,
        num_workers=2,
        multiprocessing_context="forkserver",
    )
    start = time.perf_counter()
    batches = iter(loader)
    next(batches)
    return time.perf_counter() - start


if __name__ == "__main__":
    multiprocessing.set_forkserver_preload(["__main__", "torch"])
    print(f"first epoch: {seconds_to_first_batch():.3f} s")
    print(f"second epoch: {seconds_to_first_batch():.3f} s")
# --8<-- [end:code]
