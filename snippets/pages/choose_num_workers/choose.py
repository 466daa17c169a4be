"""How many workers: a division proposes, a race of real loaders decides."""

# runs: alone
# prints: a batch [\d.]+ ms, a step [\d.]+ ms
# prints: (?:(?:\d+ s are too few .+\n)?(?:\d+ workers: [\d.]+ ms per batch an
#     d step\n)*(?:The two rounds .+\n)?)?num_workers=\d+
# workers: any: how far it races depends on the machine

# --8<-- [start:code]
import copy
import math
import time

import torch


def choose_num_workers(loader, step, most=32, seconds=60):
    until = time.perf_counter() + seconds
    load, train = costs(endless(loader, 0, until), step)
    print(f"a batch {1000 * load:.1f} ms, a step {1000 * train:.1f} ms")
    if load < train / 10:
        return 0
    needed = min(math.ceil(load / max(train, 1e-9)), most)
    below = [n for n in (0, 1, 2, 4, 8, 16) if n < needed]
    tried = [*below, *range(needed, min(needed + 1, most) + 1)]
    first, again = {}, {}
    try:
        for place, n in enumerate(tried):
            first[n] = pace(endless(loader, n, until), step, n)
            if place > 1 + tried.index(smallest(first)):
                break
        for n in reversed(first):
            again[n] = pace(endless(loader, n, until), step, n)
    except TimeoutError:
        print(f"{seconds} s are too few for a whole race: give it more.")
        if not again:
            return needed
    best = {n: min(first[n], again.get(n, math.inf)) for n in first}
    for n in best:
        print(f"{n} workers: {1000 * best[n]:.1f} ms per batch and step")
    if any(max(first[n], again[n]) > 1.3 * best[n] for n in again):
        print("The two rounds differ by a third: too noisy, so try again.")
    return smallest(best)


def smallest(paces):
    fastest = min(paces.values())
    return next(n for n in paces if paces[n] <= 1.03 * fastest)


def costs(batches, step, skipped=3, timed=16):
    load = train = 0.0
    for number in range(skipped + timed):
        asked = time.perf_counter()
        batch = next(batches)
        loaded = time.perf_counter()
        step(batch)
        synchronize()
        if number >= skipped:
            load += loaded - asked
            train += time.perf_counter() - loaded
    return load / timed, train / timed


def pace(batches, step, num_workers, timed=24, seconds=0.5):
    for _ in range(3 * num_workers + 2):
        step(next(batches))
    synchronize()
    began, done = time.perf_counter(), 0
    while done < timed or time.perf_counter() < began + seconds:
        for _ in range(max(1, num_workers)):
            step(next(batches))
            done += 1
    synchronize()
    return (time.perf_counter() - began) / done


def endless(loader, num_workers, until):
    loader = copy.copy(loader)
    loader.num_workers, loader._iterator = num_workers, None
    loader.prefetch_factor = loader.prefetch_factor or 2
    loader.timeout = loader.timeout if num_workers else 0
    while True:
        batches = 0
        for batches, batch in enumerate(loader, 1):
            if time.perf_counter() > until:
                raise TimeoutError("too slow to tell in time: more seconds")
            yield batch
        if not batches:
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
from torch.utils.data import DataLoader, Dataset


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

    count = choose_num_workers(loader, train_step, seconds=40)
    print(f"num_workers={count}")
# --8<-- [end:call]
