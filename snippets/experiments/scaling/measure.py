"""Items that wait, compute, do both, or lie in memory: throughput at rising counts of workers."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from torch.utils.data import DataLoader, Dataset, TensorDataset

from snippets.experiments.scaling.rules import Facts, counts
from snippets.images.sets import PHOTOS
from snippets.lab.instruments.experiment import Arm, Experiment, Sample
from snippets.lab.instruments.timing import endless, time_loader
from snippets.lab.machine.machine import this_machine
from snippets.pages.helper_sprites.optional_num_workers import SlowSprites
from snippets.pages.optimization_guide.heavy_preprocessing import Photos
from snippets.pages.optimization_guide.when_not_to_use import features, targets

BATCH_SIZE, ROWS = 4, 256
WINDOWS = {"waiting": 16, "computing": 24, "both": 16, "in memory": 48}
"""Batches that are timed, at least."""
WAIT_SECONDS = 0.002

MACHINE = this_machine()
FACTS = Facts(MACHINE.cores, max(1, int(MACHINE.cores_usable)), 1 if MACHINE.gpu else 0, BATCH_SIZE)
COUNTS = sorted({0, 1, 2, 4, 8, *counts(FACTS)})


class DistantPhotos(Photos):
    """Photos that take a while to arrive, as from a remote store, and are then decoded."""

    def __getitem__(self, index: int) -> Any:
        time.sleep(WAIT_SECONDS)
        return super().__getitem__(index)


def throughput(dataset: Dataset, num_workers: int, batch_size: int, window: int) -> Sample:
    """`window` batches, or as many more as make it a multiple of the workers."""
    whole = -(-window // max(1, num_workers)) * max(1, num_workers)
    loader = DataLoader(dataset, batch_size, sampler=endless(dataset), num_workers=num_workers)
    return time_loader(loader, whole)


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    folder = PHOTOS.folder
    kinds: dict[str, tuple[Dataset, int]] = {
        "waiting": (SlowSprites(delay=WAIT_SECONDS), BATCH_SIZE),
        "computing": (Photos(folder), BATCH_SIZE),
        "both": (DistantPhotos(folder), BATCH_SIZE),
        "in memory": (TensorDataset(features, targets), ROWS),
    }
    runs = {
        (kind, count): partial(throughput, dataset, count, batch_size, WINDOWS[kind])
        for kind, (dataset, batch_size) in kinds.items()
        for count in COUNTS
    }
    for (_, count), run in runs.items():
        if count <= 1:  # nothing is left for a second worker to warm up
            run()
    yield {f"{kind}, {count} workers": run for (kind, count), run in runs.items()}


EXPERIMENT = Experiment(
    question="Up to which count does another worker help: items that wait, that compute, that do both?",
    unit="samples/s",
    better="higher",
    headline="throughput",
    pitfalls=(
        "A nominal core count taken for capacity; counting the first batches, which prefetching made ready; "
        "calling sleep a model of decoding; a busy neighbour, which the capacity measured in each round shows; "
        "one batch size and one size of item, for the best count depends on both."
    ),
    arms=arms,
    again="computing, 2 workers",
    warmup=0,
    params={
        "batch_size": BATCH_SIZE,
        "batch_size in memory": ROWS,
        **{f"window, {kind}": window for kind, window in WINDOWS.items()},
        "wait_seconds": WAIT_SECONDS,
        "counts": [*COUNTS],
        "cpu_count": FACTS.cpu_count,
        "cores": FACTS.cores,
        "gpus": FACTS.gpus,
    },
)
