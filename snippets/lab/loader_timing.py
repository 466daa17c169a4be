"""Timing one DataLoader: start-up, first batch, steady state and shutdown apart."""

from time import perf_counter, thread_time
from typing import Any

from torch.utils.data import DataLoader, RandomSampler

from snippets.lab.experiment import Sample


def endless(dataset: Any) -> RandomSampler:
    """A sampler that does not end while we look: an epoch's last batches run on emptying queues."""
    return RandomSampler(dataset, replacement=True, num_samples=10**9)


def time_loader(loader: DataLoader, window: int) -> Sample:
    """Values: `start_up`, `first_batch`, `shutdown` in s, `throughput` in samples/s and `main_cpu` in
    CPU-seconds of this thread per sample, both over `window` batches (of the thread: intra-op
    threads that wait for work spin, and the process's CPU time would count that).

    Workers deliver in bursts of their number, and begin with `prefetch_factor` batches each: so the first
    (prefetch_factor + 1) x num_workers batches are not counted, and `window` must be a multiple of
    num_workers. `first_batch` runs from asking for the iterator to having a batch, start-up included.
    """
    workers = loader.num_workers
    if workers and window % workers:
        raise ValueError(f"a window of {window} batches is not a multiple of {workers} workers")
    discarded = ((loader.prefetch_factor or 0) + 1) * workers or 1
    began = perf_counter()
    batches = iter(loader)
    started = perf_counter()
    next(batches)
    first = perf_counter()
    for _ in range(discarded - 1):
        next(batches)
    steady, steady_cpu = perf_counter(), thread_time()
    for _ in range(window):
        next(batches)
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
