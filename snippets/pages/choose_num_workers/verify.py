"""The share of the time that a step waits, at several counts."""

# runs: in pairs
# prints: (?:[012348] workers: the step waits \d+% of the time\n?){6}
# workers: 0, 1, 2, 3, 4, 8

# --8<-- [start:code]
import math
import time
from itertools import chain, repeat

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
    turn = max(1, loader.num_workers)
    steps = turn * math.ceil(steps / turn)
    skipped = 3 * loader.num_workers + 1
    waited = began = 0.0
    batches = chain.from_iterable(repeat(loader, skipped + steps))
    for number in range(skipped + steps):
        asked = time.perf_counter()
        if number <= skipped:
            waited, began = 0.0, asked
        batch = next(batches)
        waited += time.perf_counter() - asked
        step(batch)
        if torch.accelerator.is_available():
            torch.accelerator.synchronize()
    return waited / (time.perf_counter() - began)


if __name__ == "__main__":
    for count in (0, 1, 2, 3, 4, 8):
        loader = DataLoader(SlowItems(), batch_size=8, num_workers=count)
        waits = wait_fraction(loader, train_step)
        print(f"{count} workers: the step waits {waits:.0%} of the time")
# --8<-- [end:code]
