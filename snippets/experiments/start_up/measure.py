"""What starting two workers costs, and what keeping them saves, for each start method."""

import multiprocessing
import time
from functools import partial

from torch.utils.data import DataLoader

from snippets.lab.experiment import Experiment, Sample, no_preparation
from snippets.optimization_guide.windows_compatibility import Numbers

WORKERS, BATCH_SIZE = 2, 32


def epochs(method: str) -> Sample:
    """Seconds to the first batch and of the whole epoch, on items that cost nothing.

    `new`: with workers that had to be started, as in the first epoch, and in every epoch without
    persistent_workers. `kept`: in the second epoch with persistent_workers.
    """
    loader = DataLoader(
        Numbers(), BATCH_SIZE, num_workers=WORKERS, persistent_workers=True, multiprocessing_context=method
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


def without_persistence(method: str) -> Sample:
    """The second epoch of a loader that does not keep its workers."""
    loader = DataLoader(Numbers(), BATCH_SIZE, num_workers=WORKERS, multiprocessing_context=method)
    values = {}
    for _ in range(2):
        start = time.perf_counter()
        next(iter(loader))
        values["first_batch_new"] = time.perf_counter() - start
    return Sample(values)


METHODS = [m for m in ("fork", "forkserver", "spawn") if m in multiprocessing.get_all_start_methods()]

EXPERIMENT = Experiment(
    question="How long until the first batch, with workers that must be started and with kept ones?",
    unit="s",
    better="lower",
    headline="first_batch_new",
    pitfalls=(
        "A large dataset: spawn and forkserver then pickle it for each worker. A main process with much "
        "memory: fork then copies larger page tables. Here the dataset is empty and only torch is imported."
    ),
    arms=partial(
        no_preparation,
        {
            **{method: partial(epochs, method) for method in METHODS},
            f"{METHODS[0]}, second epoch without persistent_workers": partial(without_persistence, METHODS[0]),
        },
    ),
    again=METHODS[0],
    rounds=5,
    params={"workers": WORKERS, "batch_size": BATCH_SIZE},
)
