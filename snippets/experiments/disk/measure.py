"""Sprites and photos read from a disk, with their pages in the page cache and without."""

import os
import random
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path

from torch.utils.data import DataLoader, Dataset, Subset

from snippets.helper_sprites.sprites_from_disk import Sprites
from snippets.images import photos, sprites
from snippets.lab.experiment import Arm, Experiment, Sample
from snippets.lab.page_cache import cached_share, evict
from snippets.optimization_guide.heavy_preprocessing import Photos

COUNTS = (0, 4)
BATCH_SIZE = 8
FILES = {"sprites": 256, "photos": 48}


def epoch(dataset: Dataset, files: list[Path], num_workers: int, cold: bool) -> Sample:
    """Samples/s from started workers to the last batch, and the share of the files that lay in memory."""
    if cold:
        evict(files)
    cached = cached_share(files)
    loader = DataLoader(dataset, BATCH_SIZE, num_workers=num_workers)
    batches = iter(loader)
    start = time.perf_counter()
    for _ in batches:
        pass
    return Sample({"throughput": len(files) / (time.perf_counter() - start), "cached": cached})


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    kinds = {"sprites": Sprites(sprites()), "photos": Photos(photos())}
    runs: dict[str, Arm] = {}
    for kind, dataset in kinds.items():
        chosen = random.Random(kind).sample(range(len(dataset)), FILES[kind])
        files = [dataset.paths[index] for index in chosen]
        for pages in ("cold", "warm"):
            for count in COUNTS:
                run = partial(epoch, Subset(dataset, chosen), files, count, pages == "cold")
                runs[f"{kind}, {pages}, {count} workers"] = run
    yield runs


def unavailable() -> str | None:
    if not hasattr(os, "posix_fadvise") or sys.platform != "linux":
        return "this system cannot drop single files from its page cache (posix_fadvise)"
    files = [*islice(sprites().rglob("*.png"), 20)]
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
        "of the first version did; a hypervisor's own cache below this machine, which we can neither see nor drop."
    ),
    arms=arms,
    again="photos, warm, 0 workers",
    params={"batch_size": BATCH_SIZE, **FILES},
    unavailable=unavailable,
)
