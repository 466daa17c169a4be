"""How much of /dev/shm a loader fills while its loop takes no batch."""

# needs: shm
# runs: alone
# prints: one batch: \d+\.\d MB
# prints: (?:[124] workers × [24]: \d+\.\d MB\n?){4}
# workers: 1, 2, 4, 2

# --8<-- [start:code]
import shutil
import time

import torch
from torch.utils.data import DataLoader, Dataset


class Images(Dataset):
    def __len__(self):
        return 1024

    def __getitem__(self, index):
        return torch.zeros(3, 224, 224)


def used():
    return shutil.disk_usage("/dev/shm").used


def megabytes_ahead(num_workers, prefetch_factor, batch_size=8):
    loader = DataLoader(
        Images(),
        batch_size,
        num_workers=num_workers,
        prefetch_factor=prefetch_factor,
    )
    before = used()
    batches = iter(loader)
    for _ in range(num_workers):
        next(batches)
    time.sleep(1)
    filled = used() - before
    del batches
    return filled / 1e6


if __name__ == "__main__":
    batch = 8 * 3 * 224 * 224 * 4 / 1e6
    print(f"one batch: {batch:.1f} MB")
    for workers, factor in ((1, 2), (2, 2), (4, 2), (2, 4)):
        filled = megabytes_ahead(workers, factor)
        print(f"{workers} workers × {factor}: {filled:.1f} MB")
# --8<-- [end:code]
