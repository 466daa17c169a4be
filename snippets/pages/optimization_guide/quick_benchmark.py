"""The quick benchmark put right: worker counts in their steady state."""

# prints: num_workers=0: \d+ samples/s
# prints: (?:num_workers=\d+: \d+ samples/s\n)+
# workers: 0, 2, …

# --8<-- [start:code]
import random
import statistics
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset, RandomSampler


class Sprites(Dataset):
    def __init__(self, folder="images/sprites"):
        self.paths = sorted(Path(folder).rglob("*.png"))
        if not self.paths:
            raise SystemExit(f"{folder}: no .png files in it")

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        with Image.open(self.paths[index]) as file:
            return torch.from_numpy(np.array(file.convert("RGB")))


def samples_per_second(dataset, num_workers, batch_size=32, window=64):
    endless = RandomSampler(dataset, replacement=True, num_samples=10**9)
    loader = DataLoader(
        dataset, batch_size, sampler=endless, num_workers=num_workers
    )
    batches = iter(loader)
    for _ in range(3 * num_workers + 1):
        next(batches)
    start = time.perf_counter()
    for _ in range(window):
        next(batches)
    return window * batch_size / (time.perf_counter() - start)


def compare(dataset, counts=(0, 2, 4, 8, 16), rounds=3):
    rates = {count: [] for count in counts}
    for _ in range(rounds):
        for count in random.sample(counts, len(counts)):
            rates[count].append(samples_per_second(dataset, count))
    return {count: statistics.median(rates[count]) for count in counts}


if __name__ == "__main__":
    for count, rate in compare(Sprites()).items():
        print(f"num_workers={count}: {rate:.0f} samples/s")
# --8<-- [end:code]
