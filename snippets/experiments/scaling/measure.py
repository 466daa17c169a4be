"""Waiting, computing, and both: throughput at 0, 1, 2, 4 and 8 workers on the same machine."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from torch.utils.data import DataLoader, Dataset

from snippets.helper_sprites.optional_num_workers import SlowSprites
from snippets.images import photos
from snippets.lab.capacity import spinners
from snippets.lab.experiment import Arm, Experiment, Sample
from snippets.lab.loader_timing import endless, time_loader
from snippets.lab.machine import this_machine
from snippets.optimization_guide.heavy_preprocessing import Photos

COUNTS = (0, 1, 2, 4, 8)
BATCH_SIZE = 4
WINDOWS = {"waiting": 24, "computing": 24, "both": 16}
"""Batches that are timed: fewer of those that take longest."""
WAIT_SECONDS = 0.002


class DistantPhotos(Photos):
    """Photos that take a while to arrive, as from a network disk, and are then decoded."""

    def __getitem__(self, index: int) -> Any:
        time.sleep(WAIT_SECONDS)
        return super().__getitem__(index)


def throughput(dataset: Dataset, num_workers: int, window: int) -> Sample:
    return time_loader(DataLoader(dataset, BATCH_SIZE, sampler=endless(dataset), num_workers=num_workers), window)


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    folder = photos()
    kinds = {
        "waiting": SlowSprites(delay=WAIT_SECONDS),
        "computing": Photos(folder),
        "both": DistantPhotos(folder),
    }
    with spinners(this_machine()) as spinning:
        loaders = {
            f"{kind}, {count} workers": partial(throughput, dataset, count, WINDOWS[kind])
            for kind, dataset in kinds.items()
            for count in COUNTS
        }
        yield {**loaders, "capacity": lambda: Sample({"cores": spinning.capacity()})}


EXPERIMENT = Experiment(
    question="Up to which count does another worker help: items that wait, that compute, that do both?",
    unit="samples/s",
    better="higher",
    headline="throughput",
    pitfalls=(
        "A nominal core count taken for capacity; counting the first batches, which prefetching made ready; "
        "calling sleep a model of decoding; a busy neighbour, which the capacity measured in each round shows."
    ),
    arms=arms,
    again="computing, 2 workers",
    params={
        "batch_size": BATCH_SIZE,
        **{f"window_{kind}": window for kind, window in WINDOWS.items()},
        "wait_seconds": WAIT_SECONDS,
    },
)
