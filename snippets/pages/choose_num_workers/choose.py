"""How many workers: a division proposes, a race of real loaders decides."""

# runs: alone
# prints: (?:\d+ workers: [\d.]+ ms per batch and step\n)+(?:cannot tell.+\n)
#     ?num_workers=(?:\d+|None)
# workers: any: how far it races depends on the machine

# --8<-- [start:code]
import copy
import math
import os
import time
from itertools import repeat
from operator import length_hint
from statistics import median

import torch
from torch.utils.data import DataLoader


class TooSlow(Exception):
    pass


def choose_num_workers(loader, step, most=32, seconds=60):
    until, paces, guess = time.perf_counter() + seconds, {}, None
    inside = getattr(loader, "__dict__", {}).values()
    wrapped = any(isinstance(each, DataLoader) for each in inside)
    if wrapped or not hasattr(loader, "num_workers"):
        raise TypeError("give the DataLoader before it is wrapped or prepared")

    def run(n):
        mine = with_workers(loader, n, seconds)
        taken = pace(mine, n, step, seconds, until)
        paces.setdefault(n, []).append(taken)
        print(f"{n} workers: {1000 * taken:.1f} ms per batch and step")
        return taken

    try:
        run(0)
        batch = next(iter(with_workers(loader, 0, seconds)))
        again = map(copy.copy, repeat(batch))
        alone = pace(again, 0, step, seconds, until)
        quotient = max(1, math.ceil(paces[0][0] / alone) - 1)
        guess = min(quotient, os.cpu_count() or 1, most)
        least = min(guess, 8)
        counts = sorted({1, 2, 3, 4, 6, 8, 12, 16, 24, 32, quotient, least})
        fastest, flat = run(least), 0
        for n in [n for n in counts if least < n <= most]:
            flat = flat + 1 if run(n) > 0.97 * fastest else 0
            fastest = fastest if flat else paces[n][0]
            if flat == 2:
                break
        while least > 1 and least in near(paces, 1.2):
            least = max(n for n in counts if n < least)
            run(least)
        for _ in range(3):
            for n in reversed(near(paces, 1.2)):
                run(n)
    except TooSlow:
        print(f"cannot tell: {seconds} s are too few")
        if not guess:
            return None
        best = near(paces, 1.02)[0]
        return max(best, guess) if best == max(paces) else best
    close = {n: sorted(paces[n])[:2] for n in near(paces, 1.2)}
    if len(close) > 1 and any(r[-1] > 1.1 * r[0] for r in close.values()):
        print("cannot tell apart:", *close, "(equal runs differ by a tenth)")
    return near(paces, 1.02)[0]


def near(paces, slack):
    middle = {n: median(paces[n]) for n in sorted(paces)}
    return [n for n in middle if middle[n] <= slack * min(middle.values())]


def with_workers(loader, num_workers, seconds):
    loader = copy.copy(loader)
    loader.num_workers, loader._iterator = num_workers, None
    loader.prefetch_factor = loader.prefetch_factor or 2
    loader.timeout = num_workers and (loader.timeout or max(60, seconds))
    return loader


def pace(batches, num_workers, step, seconds, until):
    turn, epoch = max(1, num_workers), length_hint(batches, 10**9)
    done, began = -3 * num_workers - 1, 0.0  # those are not timed
    while True:
        batch = None
        for batch in batches:
            step(batch)
            done, now = done + 1, time.perf_counter()
            if now > until:
                raise TooSlow
            if done == 0:
                synchronize()
                began = time.perf_counter()
            long = now > began + seconds / 60 and epoch > 8 * turn
            whole = turn if long else epoch
            if done > 3 and now > began + seconds / 120 and done % whole == 0:
                synchronize()
                return (time.perf_counter() - began) / done
        if batch is None:
            raise ValueError("no batch: is it empty, or read only once?")


def synchronize():
    if torch.accelerator.is_available():
        torch.accelerator.synchronize()


# --8<-- [end:code]

# --8<-- [start:call]
from pathlib import Path

import numpy as np
from PIL import Image
from torch import nn
from torch.utils.data import Dataset


class Photos(Dataset):
    def __init__(self, folder):
        self.paths = sorted(Path(folder).rglob("*.jpg"))
        self.kinds = sorted({path.parent.name for path in self.paths})

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        path = self.paths[index]
        with Image.open(path) as file:
            photo = np.array(file.convert("RGB").resize((96, 96)))
        kind = self.kinds.index(path.parent.name)
        return torch.from_numpy(photo).permute(2, 0, 1), kind


if __name__ == "__main__":
    loader = DataLoader(Photos("images/photos"), batch_size=16, shuffle=True)
    device = torch.accelerator.current_accelerator(check_available=True)
    model = nn.Sequential(
        nn.Conv2d(3, 8, 3, stride=2), nn.ReLU(), nn.Flatten(), nn.LazyLinear(6)
    ).to(device)
    model(next(iter(loader))[0].to(device) / 255)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)

    def train_step(batch):
        photos, kinds = (part.to(device) for part in batch)
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(photos / 255), kinds).backward()
        optimizer.step()

    count = choose_num_workers(loader, train_step, seconds=20)
    print(f"num_workers={count}")
# --8<-- [end:call]
