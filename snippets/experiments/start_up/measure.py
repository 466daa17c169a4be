"""What starting two workers costs, and what keeping them saves, for each start method."""

import multiprocessing
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial

import numpy as np
from torch.utils.data import DataLoader, Dataset

from snippets.experiments.start_up.arms import METHODS, PRELOADED, large, second_epoch
from snippets.lab.instruments.experiment import Arm, Experiment, Sample, needs_fork
from snippets.pages.optimization_guide.windows_compatibility import Numbers
from snippets.pages.what_a_worker_costs import preloaded_forkserver

WORKERS, BATCH_SIZE, HELD = 2, 32, 1_000_000


class Holding(Numbers):
    """A dataset that holds `size` bytes, as an array."""

    def __init__(self, size: int) -> None:
        self.held = np.ones(size, dtype=np.uint8)


def epochs(method: str) -> Sample:
    """Seconds to the first batch and of the whole epoch, on items that cost nothing.

    `new`: with workers that had to be started, as in the first epoch, and in every epoch without
    persistent_workers. `kept`: in the second epoch with persistent_workers.
    """
    loader = DataLoader(
        Holding(1), BATCH_SIZE, num_workers=WORKERS, persistent_workers=True, multiprocessing_context=method
    )
    values = {}
    for workers in ("new", "kept"):
        start = time.perf_counter()
        first = None
        for _ in loader:
            first = first or time.perf_counter() - start
        values[f"first_batch_{workers}"] = first or 0.0
        values[f"epoch_{workers}"] = time.perf_counter() - start
    return Sample(values)


def first_batch(method: str, dataset: Dataset) -> Sample:
    """Its workers end after the clock was read."""
    start = time.perf_counter()
    batches = iter(DataLoader(dataset, BATCH_SIZE, num_workers=WORKERS, multiprocessing_context=method))
    next(batches)
    return Sample({"first_batch_new": time.perf_counter() - start})


def preload() -> None:
    """In the process that will ask the fork server, as the snippet has it. The server's own start comes here, once."""
    multiprocessing.set_forkserver_preload([preloaded_forkserver.__name__, "torch"])
    preloaded_forkserver.seconds_to_first_batch()


def preloaded(process: ProcessPoolExecutor) -> Sample:
    """A later first batch from a fork server that has imported torch."""
    return Sample({"first_batch_new": process.submit(preloaded_forkserver.seconds_to_first_batch).result()})


def without_persistence(method: str) -> Sample:
    """The second epoch of a process whose first loader did not keep its workers."""
    first_batch(method, Holding(1))
    return first_batch(method, Holding(1))


HERE = [
    method
    for method in METHODS
    if (not needs_fork() if method == "fork" else method in multiprocessing.get_all_start_methods())
]


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    runs: dict[str, Arm] = {
        **{method: partial(epochs, method) for method in HERE},
        second_epoch(HERE[0]): partial(without_persistence, HERE[0]),
        **{large(method): partial(first_batch, method, Holding(HELD)) for method in HERE},
    }
    # This process has a fork server of its own, which has imported nothing.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), preload) as process:
        yield {**runs, **({PRELOADED: partial(preloaded, process)} if "forkserver" in HERE else {})}


EXPERIMENT = Experiment(
    question="How long until the first batch, with workers that must be started and with kept ones?",
    unit="s",
    better="lower",
    headline="first_batch_new",
    pitfalls=(
        "A dataset larger than a pipe holds: under spawn the workers then start one after the other. A main process "
        "with much memory: fork then copies larger page tables. But for the arms that say so, the dataset is empty."
    ),
    arms=arms,
    again=HERE[0],
    rounds=3,
    warmup=0,
    params={"workers": WORKERS, "batch_size": BATCH_SIZE, "held_bytes": HELD},
)
