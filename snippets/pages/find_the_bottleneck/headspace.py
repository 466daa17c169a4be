"""How fast the step is when the same batch is there again and again."""

# runs: in pairs
# prints: as it is: \d+ steps/s
# prints: with one batch replayed: \d+ steps/s
# prints: headspace: \d+\.\d times
# workers: 2

# --8<-- [start:code]
import copy
import math
import time
from itertools import chain, islice, repeat

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


def steps_per_second(batches, step, skipped, steps):
    for batch in islice(batches, skipped):
        step(batch)
    began = now()
    for batch in islice(batches, steps):
        step(batch)
    return steps / (now() - began)


if __name__ == "__main__":
    loader = DataLoader(Items(), batch_size=8, num_workers=2)
    turn = max(1, loader.num_workers)
    skipped, steps = 5 + 3 * turn, turn * math.ceil(32 / turn)
    batches = chain.from_iterable(repeat(loader))
    batch = next(batches)
    loaded = steps_per_second(batches, train_step, skipped, steps)
    del batches  # its workers end
    again = map(copy.copy, repeat(batch))
    replayed = steps_per_second(again, train_step, skipped, steps)
    print(f"as it is: {loaded:.0f} steps/s")
    print(f"with one batch replayed: {replayed:.0f} steps/s")
    print(f"headspace: {replayed / loaded:.1f} times")
# --8<-- [end:code]
