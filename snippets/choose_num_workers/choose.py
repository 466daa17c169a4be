"""The number of workers that a dataset and a step need."""

# --8<-- [start:code]
import math
import time

import torch
from torch.utils.data import DataLoader


def choose_num_workers(dataset, batch_size, step, cores):
    torch.set_num_threads(1)
    batches = iter(DataLoader(dataset, batch_size, shuffle=True))
    step(next(batches))
    load = compute = train = 0.0
    for _ in range(8):
        began, cpu = time.perf_counter(), time.thread_time()
        batch = next(batches)
        loaded = time.perf_counter()
        compute += time.thread_time() - cpu
        step(batch)
        load += loaded - began
        train += time.perf_counter() - loaded
    if load < train / 10:
        return 0
    needed = math.ceil(load / train)
    most = max(1, round(cores * load / compute))
    return min(needed, most) + 1


# --8<-- [end:code]
