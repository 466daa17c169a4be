"""Sprites and photos read from a disk, with their pages in the page cache and without."""

import os
import random
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path

from torch.utils.data import DataLoader, Dataset

from snippets.experiments.disk.arms import COUNTS, PAGES, arm
from snippets.images.sets import PHOTOS, SPRITES
from snippets.lab.instruments.experiment import Arm, Experiment, Sample
from snippets.lab.instruments.page_cache import cached_share, evict
from snippets.lab.instruments.timing import time_loader
from snippets.pages.helper_sprites.sprites_from_disk import Sprites
from snippets.pages.optimization_guide.heavy_preprocessing import Photos

BATCH_SIZE = 4
WINDOWS = {"sprites": 64, "photos": 20}
"""Batches that are timed."""
AROUND = 20
"""Batches that four workers make before the timed ones, while they start and get ahead, and after them."""


def steady(dataset: Dataset, chosen: list[int], files: list[Path], window: int, num_workers: int, cold: bool) -> Sample:
    """Samples/s with workers that have been started, and the share of the files that lay in memory at the start.

    No file is read twice, so each one that is timed is as cold, or warm, as it was at the start.
    """
    if cold:
        evict(files)
    else:
        for path in files:
            path.read_bytes()
    cached = cached_share(files)
    timed = time_loader(DataLoader(dataset, BATCH_SIZE, sampler=chosen, num_workers=num_workers), window)
    return Sample({"throughput": timed.values["throughput"], "cached": cached})


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    kinds = {"sprites": Sprites(SPRITES.folder), "photos": Photos(PHOTOS.folder)}
    runs: dict[str, Arm] = {}
    for kind, dataset in kinds.items():
        window = WINDOWS[kind]
        chosen = random.Random(kind).sample(range(len(dataset)), (window + AROUND) * BATCH_SIZE)
        files = [dataset.paths[index] for index in chosen]
        for pages in PAGES:
            for count in COUNTS:
                run = partial(steady, dataset, chosen, files, window, count, pages == "cold")
                runs[arm(kind, pages, count)] = run
    yield runs


def unavailable() -> str | None:
    if not hasattr(os, "posix_fadvise") or sys.platform != "linux":
        return "this system cannot drop single files from its page cache (posix_fadvise)"
    files = [*islice(SPRITES.folder.rglob("*.png"), 20)]
    evict(files)
    if cached_share(files) > 0.5:
        return "the images lie on a file system that keeps its files in memory"
    return None


EXPERIMENT = Experiment(
    question="What do cold pages cost when sprites and photos are read from the disk, and do workers hide it?",
    unit="samples/s",
    better="higher",
    headline="throughput",
    pitfalls=(
        "Running one arm first on cold pages and the next on pages that it warmed, as the quick benchmark "
        "of the first version did; counting the start of the workers as reading; a hypervisor's own cache below this "
        "machine, which we can neither see nor drop."
    ),
    arms=arms,
    again=arm("photos", "warm", 0),
    params={"batch_size": BATCH_SIZE, **{f"window, {kind}": window for kind, window in WINDOWS.items()}},
    unavailable=unavailable,
    any_start=True,
)
