"""Loops with one fault each, and healthy ones. Each takes about a second and a half, on two cores."""

import hashlib
import math
import multiprocessing
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import torch
from torch.utils.data import BatchSampler, DataLoader, Dataset, SequentialSampler

from snippets.experiments.doctor import arms

SIZE = 4
"""Items of a batch."""
BLOCK = bytes(64_000)
Cost = Callable[[int], object]
"""What making a batch takes, by its number in the dataset."""


def compute(seconds: float) -> None:
    """So many CPU-seconds, however long that takes."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        hashlib.blake2b(BLOCK)


def wait(seconds: float, batch: int = 0) -> None:
    time.sleep(seconds)


def computing(seconds: float, batch: int) -> None:
    compute(seconds)


def uneven(batch: int) -> None:
    time.sleep(random.Random(batch).uniform(0.008, 0.032))


def jitter(batch: int) -> None:
    time.sleep(random.Random(batch).uniform(0.0, 0.03))


def long_tail(batch: int) -> None:
    """The middle one is 3 ms, and one in a hundred is a hundred times as long."""
    time.sleep(min(0.5, 0.003 * math.exp(2 * random.Random(batch).gauss(0, 1))))


def one_slow(batch: int) -> None:
    time.sleep(0.6 if batch == 50 else 0.008)


def fourth_slow(batch: int) -> None:
    time.sleep(0.06 if batch % 4 == 1 else 0.004)


@cache
def threads() -> ThreadPoolExecutor:
    """Of this process."""
    return ThreadPoolExecutor(12)


def in_threads(batch: int) -> None:
    """As much as one thread would compute in 12 ms, by twelve."""
    list(threads().map(compute, [0.001] * 12))


class Items(Dataset):
    def __init__(self, batches: int, cost: Cost, tensors: int = 1, first: float = 0.0) -> None:
        """`first`: seconds that a process takes before its first item."""
        self.batches, self.cost, self.tensors, self.first = batches, cost, tensors, first

    def __len__(self) -> int:
        return self.batches * SIZE

    def __getitems__(self, indices: list[int]) -> list[Any]:
        time.sleep(self.first)
        self.first = 0.0
        self.cost(indices[0] // SIZE)
        return [[torch.full((16,), float(index)) for _ in range(self.tensors)] for index in indices]


class Drawn(BatchSampler):
    """It computes for each batch whose indices it draws."""

    def __iter__(self) -> Iterator[list[int]]:
        for batch in super().__iter__():
            compute(0.008)
            yield batch


def loader(items: Items, workers: int, **more: Any) -> DataLoader:
    return DataLoader(items, SIZE, num_workers=workers, **more)


def spin() -> None:
    while True:
        pass


@contextmanager
def neighbours() -> Iterator[Path]:
    busy = [multiprocessing.Process(target=spin, daemon=True) for _ in range(arms.CORES)]
    for process in busy:
        process.start()
    try:
        yield Path("/")
    finally:
        for process in busy:
            process.kill()
            process.join()


@contextmanager
def used_up_quota() -> Iterator[Path]:
    """Where the doctor looks for control groups: in every second period, the quota is used up."""
    with tempfile.TemporaryDirectory() as name:
        root, over = Path(name), threading.Event()
        (root / "sys/fs/cgroup/cpu").mkdir(parents=True)
        (root / "proc").symlink_to("/proc")
        began = time.perf_counter()

        def tell() -> None:
            while not over.wait(0.05):
                periods = int(10 * (time.perf_counter() - began))
                for group in ("", "cpu/"):
                    new = root / "new"
                    new.write_text(f"nr_periods {periods}\nnr_throttled {periods // 2}\n")
                    new.replace(root / f"sys/fs/cgroup/{group}cpu.stat")

        clock = threading.Thread(target=tell)
        clock.start()
        try:
            yield root
        finally:
            over.set()
            clock.join()


@contextmanager
def on_two_cores() -> Iterator[None]:
    """Machines differ, and these loops shall not."""
    assert sys.platform == "linux"
    all_of_them = os.sched_getaffinity(0)  # type: ignore  (Linux)
    os.sched_setaffinity(0, sorted(all_of_them)[: arms.CORES])  # type: ignore  (Linux)
    try:
        yield
    finally:
        os.sched_setaffinity(0, all_of_them)  # type: ignore  (Linux)


@dataclass(frozen=True)
class Loop:
    """`beside`: what runs meanwhile; it gives the folder in which the doctor looks for this machine's files."""

    make: Callable[[], DataLoader]
    step: Callable[[Any], object]
    epochs: int = 1
    beside: Callable[[], AbstractContextManager[Path]] = partial(nullcontext, Path("/"))


def sampled() -> DataLoader:
    items = Items(110, partial(wait, 0.002))
    return DataLoader(items, batch_sampler=Drawn(SequentialSampler(items), SIZE, drop_last=False), num_workers=2)


def pause(seconds: float) -> Callable[[Any], object]:
    return lambda batch: time.sleep(seconds)


LOOPS: dict[str, Loop] = {
    arms.ONE_WORKER_WAITS: Loop(lambda: loader(Items(100, partial(wait, 0.013)), 1), pause(0.004)),
    arms.ONE_WORKER_COMPUTES: Loop(lambda: loader(Items(100, partial(computing, 0.013)), 1), pause(0.004)),
    arms.IN_STEP: Loop(lambda: loader(Items(140, partial(wait, 0.040)), 4), pause(0.004)),
    arms.UNEVEN_READS: Loop(lambda: loader(Items(140, uneven), 2), pause(0.003)),
    arms.SLOW_START: Loop(lambda: loader(Items(14, partial(wait, 0.004), first=0.15), 2), pause(0.008), epochs=5),
    arms.SLOW_ITEM: Loop(lambda: loader(Items(100, one_slow), 2), pause(0.010)),
    arms.SLOW_PLACE: Loop(lambda: loader(Items(100, fourth_slow), 4), pause(0.005)),
    arms.LONG_TAIL: Loop(lambda: loader(Items(120, long_tail), 4), pause(0.008)),
    arms.SLOW_SAMPLER: Loop(sampled, pause(0.004)),
    arms.MANY_TENSORS: Loop(lambda: loader(Items(100, partial(wait, 0), tensors=30), 2), pause(0.002)),
    arms.USED_UP_QUOTA: Loop(
        lambda: loader(Items(100, partial(computing, 0.013)), 1), pause(0.004), beside=used_up_quota
    ),
    arms.TOO_MANY: Loop(lambda: loader(Items(200, partial(computing, 0.016)), 6 * arms.CORES), pause(0.002)),
    arms.NEIGHBOURS: Loop(lambda: loader(Items(80, partial(computing, 0.016)), 2), pause(0.004), beside=neighbours),
    arms.MANY_THREADS: Loop(lambda: loader(Items(200, in_threads), 4), pause(0.002)),
    arms.FED: Loop(lambda: loader(Items(80, partial(wait, 0.010)), 2), pause(0.018)),
    arms.LONG_STEP: Loop(lambda: loader(Items(24, partial(wait, 0.004)), 1), pause(0.060)),
    arms.JITTER: Loop(lambda: loader(Items(90, jitter), 4), pause(0.016)),
    arms.IN_MEMORY: Loop(lambda: loader(Items(250, partial(wait, 0)), 0), pause(0.006)),
    arms.KEPT: Loop(
        lambda: loader(Items(50, partial(wait, 0.002), first=0.4), 2, persistent_workers=True), pause(0.018), epochs=3
    ),
    arms.STEP_COMPUTES: Loop(lambda: loader(Items(120, partial(wait, 0.004)), 1), lambda batch: compute(0.012)),
    arms.FED_BESIDE: Loop(lambda: loader(Items(40, partial(wait, 0.006)), 2), pause(0.040), beside=neighbours),
}
