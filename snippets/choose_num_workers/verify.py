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


def wait_fraction(dataset, batch_size, step, num_workers, steps=32):
    batches = iter(DataLoader(dataset, batch_size, num_workers=num_workers))
    for _ in range(3 * num_workers + 1):
        step(next(batches))
    waited, began = 0.0, time.perf_counter()
    for _ in range(steps):
        asked = time.perf_counter()
        batch = next(batches)
        waited += time.perf_counter() - asked
        step(batch)
        if torch.accelerator.is_available():
            torch.accelerator.synchronize()
    return waited / (time.perf_counter() - began)


if __name__ == "__main__":
    for count in (0, 1, 2, 3, 4, 8):
        waits = wait_fraction(SlowItems(), 8, train_step, count)
        print(f"{count} workers: the step waits {waits:.0%} of the time")
# --8<-- [end:code]
