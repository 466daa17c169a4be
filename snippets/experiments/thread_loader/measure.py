"""The same items through DataLoader without workers, with two workers, and through a loader of two threads; and a step
in Python beside each.
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch.utils.data import BatchSampler, DataLoader, Dataset

from snippets.experiments.cpu_time import one_thread
from snippets.experiments.thread_loader.arms import (
    BESIDE_DECODING,
    BESIDE_THREAD,
    BESIDE_WORKER,
    IN_PYTHON,
    LARGE,
    PHOTOS,
    UNDISTURBED,
    WAITS,
    alone,
    threads,
    workers,
)
from snippets.experiments.varied_workloads import LARGE_SIDE, Items, LargeItems, as_they_are
from snippets.experiments.workloads import WAIT_SECONDS
from snippets.images.sets import PHOTOS as FILES
from snippets.lab.instruments.experiment import Arm, Experiment, Sample
from snippets.lab.instruments.timing import endless
from snippets.pages.helper_sprites.optional_num_workers import SlowSprites
from snippets.pages.load_in_threads.thread_loader import load_in_threads
from snippets.pages.optimization_guide.heavy_preprocessing import Photos

HELPERS, AHEAD = 2, 4
"""Workers or threads, and batches that are loaded ahead: as many as two workers have by default."""
DISCARDED = AHEAD + HELPERS
"""Batches before the steady state."""
SECONDS = 0.15
LOOPS = 40_000
"""Of an item in Python, which take some milliseconds."""
STEP_ITEMS, BESIDE_ITEMS, BESIDE_PHOTOS, STEPS = 5, 16, 10, 12
"""A step computes as long as so many items in Python; a batch that is loaded beside it takes several times as long.
Some steps wait for all of that batch and some for nothing of it, so there are several.
"""


def compute(loops: int) -> int:
    """In Python alone, which no other thread of the process runs meanwhile."""
    total = 0
    for number in range(loops):
        total += number % 7
    return total


class InPython(Items):
    def __getitem__(self, index: int) -> torch.Tensor:
        return torch.tensor(compute(LOOPS))


@dataclass(frozen=True)
class Workload:
    dataset: Dataset
    batch_size: int
    collate: Callable[[list[Any]], Any] | None = None

    def batches(self, num_workers: int) -> Iterable[Any]:
        return DataLoader(
            self.dataset,
            self.batch_size,
            sampler=endless(self.dataset),
            num_workers=num_workers,
            collate_fn=self.collate,
        )

    def in_threads(self, num_threads: int, ahead: int) -> Iterable[Any]:
        indices = BatchSampler(endless(self.dataset), self.batch_size, drop_last=False)
        collate = {} if self.collate is None else {"collate_fn": self.collate}
        return load_in_threads(self.dataset, indices, num_threads, ahead, **collate)


def workloads() -> dict[str, Workload]:
    return {
        WAITS: Workload(SlowSprites(delay=WAIT_SECONDS), 4),
        PHOTOS: Workload(Photos(FILES.folder), 2),
        IN_PYTHON: Workload(InPython(), 2),
        LARGE: Workload(LargeItems(), 1, as_they_are),
    }


def loading(load: Callable[[], Iterable[Any]], discarded: int) -> Sample:
    """Values in seconds: `first_batch` from asking for the iterator to having a batch, and `per_batch` from then on,
    once `discarded` batches are loaded.
    """
    began = time.perf_counter()
    batches = iter(load())
    next(batches)
    first = time.perf_counter() - began
    for _ in range(discarded):
        next(batches)
    count, began = 0, time.perf_counter()
    while not count or time.perf_counter() - began < SECONDS:
        for _ in range(HELPERS):
            next(batches)
        count += HELPERS
    per_batch = (time.perf_counter() - began) / count
    del batches
    return Sample({"first_batch": first, "per_batch": per_batch})


def step_seconds() -> float:
    began = time.perf_counter()
    compute(STEP_ITEMS * LOOPS)
    return time.perf_counter() - began


def stepping(load: Callable[[], Iterable[Any]]) -> Sample:
    """`per_batch`: seconds of a step alone, without the wait for its batch."""
    batches = iter(load())
    next(batches)
    steps = []
    for _ in range(STEPS):
        steps.append(step_seconds())
        next(batches)
    del batches
    return Sample({"per_batch": sum(steps) / STEPS})


def nothing() -> Iterator[None]:
    while True:
        yield None


def unavailable() -> str | None:
    """Before Python 3.13 there is no question."""
    has_gil = getattr(sys, "_is_gil_enabled", lambda: True)
    return None if has_gil() else "this Python has no GIL, and what is asked here is what the GIL does"


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    runs: dict[str, Arm] = {}
    kinds = workloads()
    for kind, workload in kinds.items():
        runs[alone(kind)] = partial(loading, partial(workload.batches, 0), 0)
        runs[workers(kind)] = partial(loading, partial(workload.batches, HELPERS), DISCARDED)
        runs[threads(kind)] = partial(loading, partial(workload.in_threads, HELPERS, AHEAD), DISCARDED)
    python = Workload(InPython(), BESIDE_ITEMS)
    decoding = Workload(Photos(FILES.folder), BESIDE_PHOTOS)
    runs[UNDISTURBED] = partial(stepping, nothing)
    runs[BESIDE_WORKER] = partial(stepping, partial(python.batches, 1))
    runs[BESIDE_THREAD] = partial(stepping, partial(python.in_threads, 1, 2))
    runs[BESIDE_DECODING] = partial(stepping, partial(decoding.in_threads, 1, 2))
    with one_thread():
        yield runs


EXPERIMENT = Experiment(
    question="What do threads load that run in the training loop’s own process, and what does the loop lose by them?",
    unit="s",
    better="lower",
    headline="per_batch",
    pitfalls=(
        "A Python without the GIL, in which threads run Python at the same time; a step that waits, as for a GPU, and "
        "leaves the interpreter to the threads; items of a library that does not release the GIL; and torch’s own "
        "threads, of which there is one here, as in a worker."
    ),
    arms=arms,
    again=threads(WAITS),
    rounds=3,
    warmup=0,
    params={
        "helpers": HELPERS,
        "ahead": AHEAD,
        "wait_seconds": WAIT_SECONDS,
        "large_bytes": 3 * 4 * LARGE_SIDE**2,
    },
    unavailable=unavailable,
    any_start=True,
)
