"""Pageable and pinned batches, blocking and non-blocking copies: alone, and behind a real CUDA step."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from statistics import median
from typing import Any

import torch
from torch.utils.data import DataLoader, TensorDataset

from snippets.experiments.pin_memory.arms import PAGEABLE, PAGEABLE_NON_BLOCKING, PINNED, PINNED_NON_BLOCKING
from snippets.lab.instruments import cuda
from snippets.lab.instruments.experiment import Arm, Experiment, Sample
from snippets.lab.instruments.gpu_bus import across_a_bus
from snippets.lab.instruments.gpu_lane import GpuLane, durations, starved
from snippets.lab.instruments.gpu_step import PRODUCT_SECONDS, products
from snippets.lab.instruments.timing import endless, time_loader
from snippets.lab.machine.machine import this_machine

BATCH_SIZE, WORKERS = 64, 4
BATCH_BYTES = BATCH_SIZE * 3 * 224 * 224
SHARED_BYTES = 4 * WORKERS * BATCH_BYTES
"""Room for twice the two batches that each worker has ready: those of the arm before may not be gone yet."""
IMAGES = 512
LOOPED = 0.5
"""Seconds at least, for as many rounds of the workers as it takes."""
AHEAD = 2
"""Steps that a loop may leave behind it, queued or running: what is more would be loading that no step needs yet, with
a pinned batch for each.
"""
CALIBRATED = 40
"""Batches over which the loader is timed, to make the step."""
BUFFER_BYTES, COPIES = 2**27, 8
"""What is copied alone: so much that the time to begin a copy does not matter."""
STEP_OVER_COPY, STEP_OVER_LOADING = 4, 2
"""A step takes at least so many times as long as a batch's copy from pageable memory, and as a batch takes to come from
the workers. So the copy is a part that can be seen, and the workers keep up.
"""


def to_gpu(batch: torch.Tensor, non_blocking: bool) -> torch.Tensor:
    return batch.to("cuda", non_blocking=non_blocking)


def loader(pin_memory: bool) -> DataLoader:
    dataset = TensorDataset(torch.ones(IMAGES, 3, 224, 224, dtype=torch.uint8))
    return DataLoader(dataset, BATCH_SIZE, sampler=endless(dataset), num_workers=WORKERS, pin_memory=pin_memory)


def copied(source: torch.Tensor, non_blocking: bool) -> tuple[float, float]:
    """Seconds until the call returns, and until the copy is there; medians."""
    calls, copies = [], []
    torch.cuda.synchronize()
    for _ in range(COPIES):
        start = time.perf_counter()
        to_gpu(source, non_blocking)
        calls.append(time.perf_counter() - start)
        torch.cuda.synchronize()
        copies.append(time.perf_counter() - start)
    return median(calls), median(copies)


def step_seconds() -> float:
    batch = torch.ones(BATCH_SIZE, 3, 224, 224, dtype=torch.uint8)
    loading = BATCH_SIZE / time_loader(loader(False), CALIBRATED).values["throughput"]
    return max(STEP_OVER_COPY * copied(batch, False)[1], STEP_OVER_LOADING * loading)


def loop(batches: Iterator[Any], step: Callable[[], None], non_blocking: bool) -> dict[str, float]:
    """Copies and steps, from and to an idle GPU, with workers that have been started. They go on loading at the end: it
    is no part of this to end them.

    Values: `per_batch` in seconds; `step`, what a step took on the GPU, in seconds, the median; `waited`, the share of
    the time in which the GPU had no step to run because the batch was not there.
    """
    for _ in range(3 * WORKERS):
        next(batches)
    lane, waits = GpuLane(), []
    queue = lane.timed(step)
    start = time.perf_counter()
    while not waits or time.perf_counter() - start < LOOPED:
        for _ in range(WORKERS):
            asked_at = time.perf_counter()
            (batch,) = next(batches)
            waits.append((asked_at, time.perf_counter()))
            to_gpu(batch, non_blocking).float().div_(255)
            queue()
            lane.let_run(AHEAD)
    torch.cuda.synchronize()
    total = time.perf_counter() - start
    steps = lane.steps()
    return {
        "per_batch": total / len(waits),
        "step": median(durations(steps)),
        "waited": starved(waits, steps) / total,
    }


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    @cache
    def step() -> Callable[[], None]:
        """Made once, in the warm-up."""
        return products(step_seconds())

    def run(pin_memory: bool, non_blocking: bool) -> Sample:
        source = torch.ones(BUFFER_BYTES, dtype=torch.uint8)
        call, copy = copied(source.pin_memory() if pin_memory else source, non_blocking)
        multiply = step()  # before the workers begin: it is made with workers of its own, and both fill shared memory
        looped = loop(iter(loader(pin_memory)), multiply, non_blocking)
        return Sample({**looped, "call": call, "copy": copy, "bus": float(across_a_bus())})

    yield {
        PAGEABLE: partial(run, False, False),
        PAGEABLE_NON_BLOCKING: partial(run, False, True),
        PINNED: partial(run, True, False),
        PINNED_NON_BLOCKING: partial(run, True, True),
    }


def unavailable() -> str | None:
    return cuda.missing() or _lacks_shared_memory(this_machine().shm)


def _lacks_shared_memory(there: int | None) -> str | None:
    """A worker that finds it full ends in a bus error. `there`: its bytes; None where batches go another way."""
    if there is None or there >= SHARED_BYTES:
        return None
    return f"its batches need {SHARED_BYTES // 2**20} MiB of /dev/shm, which has {there // 2**20} MiB"


EXPERIMENT = Experiment(
    question="What do pinned batches save, with and without copies that do not block?",
    unit="s per batch",
    better="lower",
    headline="per_batch",
    pitfalls=(
        "Timing launches instead of work (we wait for the GPU at both ends); a step so long that no copy shows beside "
        "it, or a loader that cannot keep up, behind which none shows either (the step is made as long as both allow, "
        "and claims look whether it came out so); taking this for overlap with the step, which needs a second stream."
    ),
    arms=arms,
    again=PINNED,
    params={
        "batch_size": BATCH_SIZE,
        "batch_bytes": BATCH_BYTES,
        "looped": LOOPED,
        "ahead": AHEAD,
        "product_seconds": PRODUCT_SECONDS,
        "buffer_bytes": BUFFER_BYTES,
        "step_over_copy": STEP_OVER_COPY,
        "step_over_loading": STEP_OVER_LOADING,
    },
    unavailable=unavailable,
    any_start=True,
)
