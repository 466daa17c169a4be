"""The share of the time that a step waits, at several counts."""

# --8<-- [start:code]
import time

import torch
from torch.utils.data import DataLoader, Dataset


class SlowItems(Dataset):
    def __len__(self):
        return 4096

    def __getitem__(self, index):
        time.sleep(0.004)
        return torch.zeros(3, 32, 32)


def train_step(batch):
    time.sleep(0.012)


def wait_fraction(loader, step, steps=32):
    batches = endless(loader)
    for _ in range(3 * loader.num_workers + 1):
        step(next(batches))
    synchronize()
    waited, began = 0.0, time.perf_counter()
    for _ in range(steps):
        asked = time.perf_counter()
        batch = next(batches)
        waited += time.perf_counter() - asked
        step(batch)
        synchronize()
    return waited / (time.perf_counter() - began)


def endless(loader):
    while True:
        batches = 0
        for batches, batch in enumerate(loader, 1):
            yield batch
        if not batches:
            raise ValueError("no batch: is it empty, or read only once?")


def synchronize():
    if torch.accelerator.is_available():
        torch.accelerator.synchronize()


if __name__ == "__main__":
    for count in (0, 1, 2, 3, 4, 8):
        loader = DataLoader(SlowItems(), batch_size=8, num_workers=count)
        waits = wait_fraction(loader, train_step)
        print(f"{count} workers: the step waits {waits:.0%} of the time")
# --8<-- [end:code]
