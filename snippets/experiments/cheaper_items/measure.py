"""One photo, loaded in seven ways, each of which does less than the one before it, and out of three caches."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset

from snippets.experiments.cheaper_items.arms import (
    AS_WRITTEN,
    BYTES,
    CACHED,
    CROPPED,
    KEPT,
    MAPPED,
    NEW,
    PACKED,
    PREPARED,
    SHARED,
    SMALLER,
    STORED,
)
from snippets.experiments.cpu_time import cpu_per_item, one_thread
from snippets.images.sets import PHOTOS as SET
from snippets.lab.instruments.experiment import Arm, Experiment, Sample
from snippets.pages.make_items_cheaper import (
    crop_first,
    draft,
    memory_map,
    one_file,
    profile_item,
    small_files,
    whole_batches,
)
from snippets.pages.make_items_cheaper.cache_per_worker import OwnCache
from snippets.pages.make_items_cheaper.shared_cache import SharedCache

PHOTOS, BATCH_SIZE = 32, 16
WORKERS, FEW = 2, 4
"""Workers that cache, and photos of each of their batches: several batches each, so that chance shares them out."""
SHORT_SIDE = 187
"""Pixels: the smallest crop, 60 % of the short side, still has as many as the network sees."""
STEP_SECONDS = 0.030
SECONDS = 0.08
"""Of CPU time, at least, for each run of an arm: whole batches, and a clock that ticks every 16 ms."""


class Loaded(Dataset):
    """Items that `load` makes of files, or of what else it is given."""

    def __init__(self, sources: Sequence[Any], load: Callable[[Any], Any]) -> None:
        self.sources, self.load = sources, load

    def __len__(self) -> int:
        return len(self.sources)

    def __getitem__(self, index: int) -> Any:
        return self.load(self.sources[index])


class Timed(Loaded):
    """The same, each with the CPU-seconds that it took the process that made it."""

    def __getitem__(self, index: int) -> tuple[Any, float]:
        began = time.thread_time()
        return super().__getitem__(index), time.thread_time() - began


def drafted(path: Path) -> Any:
    return draft.decode(path, SHORT_SIDE)


@contextmanager
def packed(paths: list[Path], file: Path) -> Iterator[Dataset]:
    """Opened for the whole block, and then closed: the process that reads it here does not end with its loader."""
    one_file.pack(paths, file)
    photos = one_file.PackedPhotos(file)
    with open(file, "rb", buffering=0) as photos.packed:  # pyrefly: ignore[bad-assignment]
        yield photos


def datasets(files: list[Path], folder: Path, stack: ExitStack) -> dict[str, tuple[Dataset, list[Path]]]:
    """By arm: its items, and the files that they are read from. What is stored is written into `folder`, and what is
    opened is closed by `stack`.
    """
    small = folder / "small"
    small.mkdir()
    small_files.shrink(files, small, SHORT_SIDE)
    stored, one, mapped = sorted(small.iterdir()), folder / "packed.bin", folder / "mapped.npy"
    memory_map.decode_all(files, mapped, SHORT_SIDE)
    return {
        AS_WRITTEN: (Loaded(files, profile_item.load), files),
        CROPPED: (Loaded(files, crop_first.load), files),
        SMALLER: (Loaded(files, lambda path: crop_first.transform(drafted(path))), files),
        BYTES: (Loaded(files, lambda path: whole_batches.crop(drafted(path))), files),
        STORED: (Loaded(stored, lambda path: whole_batches.crop(profile_item.decode(path))), stored),
        PACKED: (stack.enter_context(packed(stored, one)), [one]),
        MAPPED: (memory_map.MappedPhotos(mapped), [mapped]),
    }


def loading(dataset: Dataset, files: list[Path]) -> Sample:
    """Values, of an item: `per_item`, CPU-seconds, without workers; and `stored`, bytes that are read for it."""
    loader = DataLoader(dataset, BATCH_SIZE, shuffle=True)
    per_item = cpu_per_item(PHOTOS, lambda: [*loader], SECONDS)
    return Sample({"per_item": per_item, "stored": sum(map(size, files)) / PHOTOS})


def from_cache(cache: OwnCache | SharedCache, index: int) -> torch.Tensor:
    return whole_batches.crop(Image.fromarray(cache[index].numpy()))


def filled(files: list[Path]) -> Loaded:
    cache = OwnCache(files)
    for index in range(len(cache)):
        cache[index]
    return Loaded(range(len(cache)), partial(from_cache, cache))


def second_epoch(kind: type[OwnCache | SharedCache], persistent: bool, files: list[Path]) -> Sample:
    """The same values, of the second epoch with workers; and `decoded`, the share of photos that it decodes again. Of a
    shared cache all later epochs are alike, and one of them takes less than a tick of some clocks.
    """
    cache = kind(files)
    photos = Timed(range(len(cache)), partial(from_cache, cache))
    order = torch.Generator().manual_seed(0)
    settings: dict[str, Any] = {"num_workers": WORKERS, "persistent_workers": persistent}
    loader = DataLoader(photos, FEW, shuffle=True, generator=order, **settings)
    for _ in loader:
        pass
    first = cache.decoded.clone()
    spent, loaded = 0.0, 0
    while not loaded or (kind is SharedCache and spent < SECONDS):
        spent += sum(float(seconds.sum()) for _, seconds in loader)
        loaded += PHOTOS
    again = cache.decoded - first
    read = sum(size(path) * int(times) for path, times in zip(files, again, strict=True))
    return Sample({"per_item": spent / loaded, "stored": read / loaded, "decoded": int(again.sum()) / loaded})


def size(path: Path) -> int:
    return path.stat().st_size


def preparing(batch: torch.Tensor) -> Sample:
    return Sample({"per_item": cpu_per_item(BATCH_SIZE, lambda: whole_batches.prepare(batch), SECONDS), "stored": 0.0})


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    every = sorted(SET.folder.rglob("*.jpg"))
    files = [*islice(every, 0, None, max(1, len(every) // PHOTOS))][:PHOTOS]
    with one_thread(), TemporaryDirectory(ignore_cleanup_errors=True) as folder, ExitStack() as stack:
        loads = datasets(files, Path(folder), stack)
        batch = next(iter(DataLoader(loads[BYTES][0], BATCH_SIZE)))
        yield {
            **{arm: partial(loading, dataset, read) for arm, (dataset, read) in loads.items()},
            CACHED: partial(loading, filled(files), []),
            NEW: partial(second_epoch, OwnCache, False, files),
            KEPT: partial(second_epoch, OwnCache, True, files),
            SHARED: partial(second_epoch, SharedCache, True, files),
            PREPARED: partial(preparing, batch),
        }


EXPERIMENT = Experiment(
    question=(
        "How much CPU time does an item save that is cropped first, decoded smaller, stored smaller, packed, mapped, "
        "or cached?"
    ),
    unit="s",
    better="lower",
    headline="per_item",
    pitfalls=(
        "Counting time instead of CPU time, which a busy neighbour lengthens; several threads of torch, which no "
        "worker has; larger photos, of which decoding smaller saves more, and smaller ones; files that are not in the "
        "page cache, where a larger file takes longer to read, and another file longer to find; a cache that is still "
        "being filled."
    ),
    arms=arms,
    again=STORED,
    warmup=0,
    params={"photos": PHOTOS, "batch_size": BATCH_SIZE, "workers": WORKERS, "step_seconds": STEP_SECONDS},
    any_start=True,
)
