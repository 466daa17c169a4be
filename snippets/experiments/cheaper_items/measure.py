"""One photo, loaded in six ways that cost less and less CPU time."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from torch.utils.data import DataLoader, Dataset

from snippets.experiments.cheaper_items.arms import (
    AS_WRITTEN,
    BYTES,
    CROPPED,
    MAPPED,
    PREPARED,
    SMALLER,
    STORED,
)
from snippets.experiments.cpu_time import cpu_per_item, one_thread
from snippets.images.sets import PHOTOS as SET
from snippets.lab.instruments.experiment import Arm, Experiment, Sample
from snippets.pages.make_items_cheaper import crop_first, draft, memory_map, profile_item, small_files, whole_batches

PHOTOS = BATCH_SIZE = 16
SHORT_SIDE = 187
"""Pixels: the smallest crop, 60 % of the short side, still has as many as the network sees."""
STEP_SECONDS = 0.030
SECONDS = 0.08
"""Of CPU time, at least, for each run of an arm: whole batches, and a clock that ticks every 16 ms."""


class Loaded(Dataset):
    """Items that `load` makes of files."""

    def __init__(self, files: list[Path], load: Callable[[Path], Any]) -> None:
        self.files, self.load = files, load

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, index: int) -> Any:
        return self.load(self.files[index])


def drafted(path: Path) -> Any:
    return draft.decode(path, SHORT_SIDE)


def datasets(files: list[Path], folder: Path) -> dict[str, tuple[Dataset, list[Path]]]:
    """By arm: its items, and the files that they are read from. What is stored is written into `folder`."""
    small = folder / "small"
    small.mkdir()
    small_files.shrink(files, small, SHORT_SIDE)
    stored, mapped = sorted(small.iterdir()), folder / "photos.npy"
    memory_map.decode_all(files, mapped, SHORT_SIDE)
    return {
        AS_WRITTEN: (Loaded(files, profile_item.load), files),
        CROPPED: (Loaded(files, crop_first.load), files),
        SMALLER: (Loaded(files, lambda path: crop_first.transform(drafted(path))), files),
        BYTES: (Loaded(files, lambda path: whole_batches.crop(drafted(path))), files),
        STORED: (Loaded(stored, lambda path: whole_batches.crop(profile_item.decode(path))), stored),
        MAPPED: (memory_map.MappedPhotos(mapped), [mapped]),
    }


def loading(dataset: Dataset, files: list[Path]) -> Sample:
    """Values, of an item: `per_item`, CPU-seconds, without workers; and `stored`, bytes."""
    loader = DataLoader(dataset, BATCH_SIZE, shuffle=True)
    per_item = cpu_per_item(PHOTOS, lambda: [*loader], SECONDS)
    return Sample({"per_item": per_item, "stored": sum(map(size, files)) / PHOTOS})


def size(path: Path) -> int:
    return path.stat().st_size


def preparing(batch: torch.Tensor) -> Sample:
    return Sample({"per_item": cpu_per_item(PHOTOS, lambda: whole_batches.prepare(batch), SECONDS), "stored": 0.0})


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    every = sorted(SET.folder.rglob("*.jpg"))
    files = [*islice(every, 0, None, max(1, len(every) // PHOTOS))][:PHOTOS]
    with one_thread(), TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        loads = datasets(files, Path(folder))
        batch = next(iter(DataLoader(loads[BYTES][0], BATCH_SIZE)))
        yield {
            **{arm: partial(loading, dataset, read) for arm, (dataset, read) in loads.items()},
            PREPARED: partial(preparing, batch),
        }


EXPERIMENT = Experiment(
    question="How much CPU time does an item save that is cropped first, decoded smaller, stored smaller, or mapped?",
    unit="s",
    better="lower",
    headline="per_item",
    pitfalls=(
        "Counting time instead of CPU time, which a busy neighbour lengthens; several threads of torch, which no "
        "worker has; larger photos, of which decoding smaller saves more, and smaller ones; files that are not in the "
        "page cache, where a larger file takes longer to read."
    ),
    arms=arms,
    again=STORED,
    warmup=0,
    params={"photos": PHOTOS, "batch_size": BATCH_SIZE, "step_seconds": STEP_SECONDS},
    any_start=True,
)
