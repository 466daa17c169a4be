"""Timing one DataLoader: start-up, first batch, steady state and shutdown apart."""

from collections.abc import Callable
from time import perf_counter, thread_time
from typing import Any

from torch.utils.data import DataLoader, RandomSampler

from snippets.lab.instruments.experiment import Sample


def endless(dataset: Any) -> RandomSampler:
    """A sampler that does not end while a loader is timed: an epoch's last batches run on emptying queues."""
    return RandomSampler(dataset, replacement=True, num_samples=10**9)


def no_step(batch: Any) -> None:
    """For a loader that is timed alone."""


def time_loader(loader: DataLoader, window: int, step: Callable[[Any], None] = no_step) -> Sample:
    """Values: `start_up`, `first_batch`, `shutdown` in s, `throughput` in samples/s and `main_cpu` in
    CPU-seconds of this thread per sample, both over `window` batches, each followed by `step(batch)`. Of the
    thread, not of the process: intra-op threads that wait for work spin, and that would count.

    Workers deliver in bursts of their number, and begin with `prefetch_factor` batches each: so the first
    (prefetch_factor + 1) x num_workers batches are not counted, and `window` must be a multiple of
    num_workers; else this raises ValueError. `first_batch` runs from asking for the iterator to having a batch,
    start-up included.
    """
    workers = loader.num_workers
    if workers and window % workers:
        raise ValueError(f"a window of {window} batches is not a multiple of {workers} workers")
    discarded = ((loader.prefetch_factor or 0) + 1) * workers or 1
    began = perf_counter()
    batches = iter(loader)
    started = perf_counter()
    batch = next(batches)
    first = perf_counter()
    step(batch)
    for _ in range(discarded - 1):
        step(next(batches))
    steady, steady_cpu = perf_counter(), thread_time()
    for _ in range(window):
        step(next(batches))
    done, done_cpu = perf_counter(), thread_time()
    del batches
    closed = perf_counter()
    assert loader.batch_size
    samples = window * loader.batch_size
    return Sample(
        {
            "start_up": started - began,
            "first_batch": first - began,
            "throughput": samples / (done - steady),
            "main_cpu": (done_cpu - steady_cpu) / samples,
            "shutdown": closed - done,
        }
    )


def time_for(loader: DataLoader, seconds: float, step: Callable[[Any], None] = no_step) -> Sample:
    """Values: `per_batch`, seconds from one batch to the next with `step(batch)` between them, and `main_cpu`, the
    CPU-seconds of this thread in that time.

    Over as many rounds of num_workers batches as it takes to fill `seconds`, one at least, after the first
    (prefetch_factor + 1) x num_workers. For arms whose speed is not known before: on a busy machine torch's threads
    wait for each other, and a fixed number of batches could take minutes.
    """
    workers = loader.num_workers
    batches = iter(loader)
    for _ in range(((loader.prefetch_factor or 0) + 1) * workers or 1):
        step(next(batches))
    count, began, cpu = 0, perf_counter(), thread_time()
    while not count or perf_counter() - began < seconds:
        for _ in range(max(1, workers)):
            step(next(batches))
            count += 1
    elapsed, elapsed_cpu = perf_counter() - began, thread_time() - cpu
    return Sample({"per_batch": elapsed / count, "main_cpu": elapsed_cpu / count})
