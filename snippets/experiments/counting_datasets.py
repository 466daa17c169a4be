"""Datasets that note who asked them for what. Importable, for workers that are not forked."""

import multiprocessing
import os
import time

from torch.utils.data import Dataset

HANGS_AFTER = 60.0


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
