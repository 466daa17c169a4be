"""The CPU time of items that one process loads: it says what an item costs, also beside a busy neighbour."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch


def cpu_per_item(items: int, load: Callable[[], object], seconds: float) -> float:
    """CPU-seconds of this thread for each of so many items, which `load` loads, again until so many seconds of its CPU
    time have gone.
    """
    count, began, spent = 0, time.thread_time(), 0.0
    while spent < seconds:
        load()
        count += items
        spent = time.thread_time() - began
    return spent / count


@contextmanager
def one_thread() -> Iterator[None]:
    """torch computes in one, as in a worker: threads that wait for each other would count, or count elsewhere."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
