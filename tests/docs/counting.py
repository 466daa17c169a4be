"""Datasets that note who asked them for what. Importable, for workers that are not forked."""

from __future__ import annotations

import multiprocessing
import os
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


class Makers(Dataset[int]):
    """Items that are the id of the process that fetched them."""

    def __init__(self, size: int = 16) -> None:
        self.size = size

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, index: int) -> int:
        return os.getpid()


def with_collator(makers: list[int]) -> tuple[list[int], int]:
    """A batch of `Makers`: who fetched its items, and who collated them."""
    return makers, os.getpid()


def numbered(items: list[Any]) -> list[Any]:
    """A batch as a list."""
    return items


class Fetches(Dataset[int]):
    """Counts fetches over all processes, and notes the order of those in this one."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.order: list[int] = []
        self._count = multiprocessing.Value("i", 0)

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, index: int) -> int:
        with self._count.get_lock():
            self._count.value += 1
        self.order.append(index)
        return index

    @property
    def fetched(self) -> int:
        return self._count.value

    def settled(self, expected: int) -> int:
        """The count, once it has reached `expected` and been left alone long enough to go beyond."""
        deadline = time.monotonic() + HANGS_AFTER
        while self.fetched < expected and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.3)
        return self.fetched


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
