"""Items that several experiments load, so that their numbers speak of the same ones."""

import time
from typing import Any

from torch.utils.data import Dataset, TensorDataset

from snippets.images.sets import PHOTOS
from snippets.pages.helper_sprites.optional_num_workers import SlowSprites
from snippets.pages.optimization_guide.heavy_preprocessing import Photos
from snippets.pages.optimization_guide.when_not_to_use import features, targets

WAIT_SECONDS = 0.002
"""For which an item that waits does so."""


class DistantPhotos(Photos):
    """Photos that take a while to arrive, as from a remote store, and are then decoded."""

    def __getitem__(self, index: int) -> Any:
        time.sleep(WAIT_SECONDS)
        return super().__getitem__(index)


def datasets() -> dict[str, Dataset]:
    """By kind, as `kinds.py` names them."""
    return {
        "waiting": SlowSprites(delay=WAIT_SECONDS),
        "computing": Photos(PHOTOS.folder),
        "both": DistantPhotos(PHOTOS.folder),
        "in memory": TensorDataset(features, targets),
    }


def whole_turns(batches: int, num_workers: int) -> int:
    """`batches`, or as many more as make it a multiple of the workers."""
    return -(-batches // max(1, num_workers)) * max(1, num_workers)
