"""Data that is a tensor already: through a loader, through workers, and sliced."""

import time
from functools import partial

from torch.utils.data import DataLoader, TensorDataset

from snippets.experiments.in_memory.arms import LOADER, SLICES, WORKERS
from snippets.lab.instruments.experiment import Experiment, Sample
from snippets.lab.instruments.timing import endless, time_loader
from snippets.pages.optimization_guide import when_not_to_use
from snippets.pages.optimization_guide.when_not_to_use import features, targets

BATCH_SIZE, WINDOW = 256, 120
SLICED_SECONDS = 0.25
"""Whole epochs for so long: on a busy machine torch's threads wait for each other, and a fixed number of epochs
could take minutes.
"""


def loader(num_workers: int) -> Sample:
    dataset = TensorDataset(features, targets)
    return time_loader(DataLoader(dataset, BATCH_SIZE, sampler=endless(dataset), num_workers=num_workers), WINDOW)


def slices() -> Sample:
    seen, start = 0, time.perf_counter()
    while time.perf_counter() - start < SLICED_SECONDS:
        seen += sum(len(target) for _, target in when_not_to_use.batches(BATCH_SIZE))
    return Sample({"throughput": seen / (time.perf_counter() - start)})


EXPERIMENT = Experiment(
    question="What does a DataLoader cost when the data is a tensor in memory already?",
    unit="samples/s",
    better="higher",
    headline="throughput",
    pitfalls="Larger rows: copying them then dominates, and the loader's cost per item matters less.",
    arms={LOADER: partial(loader, 0), WORKERS: partial(loader, 4), SLICES: slices},
    again=SLICES,
    params={"rows": len(features), "columns": features.shape[1], "batch_size": BATCH_SIZE, "window": WINDOW},
    any_start=True,
)
