"""Loaders that may not hang, and datasets that note what was done with them."""

from __future__ import annotations

import multiprocessing
import time
from typing import Any

import torch
from torch.utils.data import DataLoader, Dataset

HANGS_AFTER = 60
"""Seconds after which a loader of these tests gives up. A guard against hangs, no statement about speed."""


def loader(dataset: Any, num_workers: int, **settings: Any) -> DataLoader[Any]:
    """A DataLoader whose workers may not hang."""
    return DataLoader(dataset, num_workers=num_workers, timeout=HANGS_AFTER if num_workers else 0, **settings)


def children() -> set[int]:
    """The processes that this one has started and that still live."""
    return {child.pid for child in multiprocessing.active_children() if child.pid}


def numbered(items: list[Any]) -> list[Any]:
    """A batch as a list."""
    return items


class Pickled(Dataset[int]):
    """Counts how often this process pickles it. Holds a tensor."""

    def __init__(self) -> None:
        self.data = torch.ones(1000)
        self.times = 0

    def __len__(self) -> int:
        return 4

    def __getitem__(self, index: int) -> int:
        return int(self.data[index])

    def __getstate__(self) -> dict[str, Any]:
        self.times += 1
        return vars(self)


class NeverAnswers(Dataset[int]):
    """Its first item comes long after a loader with a time-out of one second has given up."""

    def __len__(self) -> int:
        return 1

    def __getitem__(self, index: int) -> int:
        time.sleep(4)
        return index
