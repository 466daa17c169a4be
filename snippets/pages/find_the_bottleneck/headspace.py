"""How fast the step is when the same batch is there again and again."""

# runs: in pairs
# prints: as it is: \d+ steps/s
# prints: with one batch replayed: \d+ steps/s
# prints: headspace: \d+\.\d times
# workers: 2

# --8<-- [start:code]
import time
from itertools import islice, repeat

import torch
from torch.utils.data import DataLoader, Dataset


class Items(Dataset):
    def __len__(self):
        return 512

    def __getitem__(self, index):
        time.sleep(0.003)
        return torch.zeros(3, 32, 32)


def train_step(batch):
    time.sleep(0.005)


def now():
    if torch.accelerator.is_available():
        torch.accelerator.synchronize()
    return time.perf_counter()


def steps_per_second(batches, step, skipped, steps=32):
    for batch in islice(batches, skipped):
        step(batch)
    began, done = now(), 0
    for batch in islice(batches, steps):
        step(batch)
        done += 1
    return done / (now() - began)


if __name__ == "__main__":
    loader = DataLoader(Items(), batch_size=8, num_workers=2)
    skipped = 5 + 3 * loader.num_workers
    batches = iter(loader)
    batch = next(batches)
    loaded = steps_per_second(batches, train_step, skipped)
    replayed = steps_per_second(repeat(batch), train_step, skipped)
    print(f"as it is: {loaded:.0f} steps/s")
    print(f"with one batch replayed: {replayed:.0f} steps/s")
    print(f"headspace: {replayed / loaded:.1f} times")
# --8<-- [end:code]
