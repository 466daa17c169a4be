"""A random order of many items, without a list of all of them."""

# runs: alone
# prints: RandomSampler: first index after \d+\.\d{3} s, 80\.\d MB
# prints: InBlocks: first index after \d+\.\d{3} s, 0\.\d MB
# workers: none

# --8<-- [start:code]
import time
import tracemalloc

import torch
from torch.utils.data import RandomSampler, Sampler


class InBlocks(Sampler):
    """Blocks in random order, and the items of each in random order."""

    def __init__(self, data, block=10_000):
        self.size = len(data)
        self.block = block

    def __len__(self):
        return self.size

    def __iter__(self):
        for number in torch.randperm(-(-self.size // self.block)):
            first = int(number) * self.block
            length = min(self.block, self.size - first)
            yield from (first + torch.randperm(length)).tolist()


def first_index(sampler):
    start = time.perf_counter()
    next(iter(sampler))
    return time.perf_counter() - start


def megabytes(sampler):
    tracemalloc.start()
    next(iter(sampler))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 1e6


if __name__ == "__main__":
    data = range(2_000_000)
    for sampler in (RandomSampler(data), InBlocks(data)):
        print(
            f"{type(sampler).__name__}: first index after "
            f"{first_index(sampler):.3f} s, {megabytes(sampler):.1f} MB"
        )
# --8<-- [end:code]
