"""What readers may give to the tuner: loaders and steps, good and bad ones. Tests copy this beside the tuner."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

import torch
from torch.utils.data import DataLoader, Dataset, IterableDataset, get_worker_info

QUICK = 0.002


class Waits(Dataset):
    """Items of so many seconds."""

    def __init__(self, seconds: float = QUICK, count: int = 400) -> None:
        self.seconds, self.count = seconds, count

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> torch.Tensor:
        time.sleep(self.seconds)
        return torch.full((8,), float(index))


class Fails(Waits):
    def __getitem__(self, index: int) -> torch.Tensor:
        raise ValueError("no photo 7")


class Locked(Waits):
    """It cannot be pickled."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = {"lock": threading.Lock()}


class Stream(IterableDataset):
    def __init__(self, shared: bool) -> None:
        self.shared = shared

    def __iter__(self) -> Iterator[int]:
        worker = get_worker_info() if self.shared else None
        first, step = (worker.id, worker.num_workers) if worker else (0, 1)
        for index in range(first, 4000, step):
            time.sleep(QUICK / 4)
            yield index


def quick(num_workers: int) -> DataLoader:
    return DataLoader(Waits(), batch_size=4, shuffle=True, num_workers=num_workers)


def slow(num_workers: int) -> DataLoader:
    return DataLoader(Waits(5), num_workers=num_workers)


def hanging(num_workers: int) -> DataLoader:
    return DataLoader(Waits(10_000), num_workers=num_workers)


def hanging_alone(num_workers: int) -> DataLoader:
    """It hangs where the main process makes the batches. A worker has made its own before 2 s are over, as it is
    forked.
    """
    if num_workers:
        return DataLoader(Waits(), num_workers=num_workers, multiprocessing_context="fork")
    return DataLoader(Waits(10_000))


def failing(num_workers: int) -> DataLoader:
    return DataLoader(Fails(), batch_size=4, num_workers=num_workers)


def of_three(num_workers: int) -> DataLoader:
    return DataLoader(Waits(count=3), num_workers=num_workers)


def deaf(num_workers: int) -> DataLoader:
    return DataLoader(Waits(), num_workers=2)


def none(num_workers: int) -> None:
    return None


def locked(num_workers: int) -> DataLoader:
    return DataLoader(Locked(), multiprocessing_context="spawn" if num_workers else None, num_workers=num_workers)


def spawned(num_workers: int) -> DataLoader:
    return DataLoader(Waits(), multiprocessing_context="spawn" if num_workers else None, num_workers=num_workers)


def served(num_workers: int) -> DataLoader:
    return DataLoader(Waits(), multiprocessing_context="forkserver" if num_workers else None, num_workers=num_workers)


def doubled(num_workers: int) -> DataLoader:
    return DataLoader(Stream(shared=False), batch_size=4, num_workers=num_workers)


def streaming(num_workers: int) -> DataLoader:
    return DataLoader(Stream(shared=True), batch_size=4, num_workers=num_workers)


class Alike(Stream):
    """Its items are equal, as made-up ones are."""

    def __iter__(self) -> Iterator[Any]:
        return (torch.zeros(8) for _ in super().__iter__())


class Few(IterableDataset):
    """An epoch of ten batches of four, shared among the workers."""

    def __iter__(self) -> Iterator[int]:
        worker = get_worker_info()
        for index in range(worker.id if worker else 0, 40, worker.num_workers if worker else 1):
            time.sleep(QUICK / 4)
            yield index


class Moved(DataLoader):
    """It does something with each batch."""

    def __iter__(self) -> Iterator[Any]:  # pyrefly: ignore[bad-override]  (as readers write it)
        for photos, kinds in super().__iter__():
            yield photos + 1, kinds


def alike(num_workers: int) -> DataLoader:
    return DataLoader(Alike(shared=True), batch_size=4, num_workers=num_workers)


def short_and_kept(num_workers: int) -> DataLoader:
    return DataLoader(Few(), batch_size=4, num_workers=num_workers, persistent_workers=num_workers > 0)


def moved(num_workers: int) -> DataLoader:
    return Moved(Waits(), batch_size=4, num_workers=num_workers)


def always_kept(num_workers: int) -> DataLoader:
    return DataLoader(Waits(), batch_size=4, num_workers=num_workers, persistent_workers=True)


def drawn_once(num_workers: int) -> DataLoader:
    return DataLoader(Waits(), batch_sampler=([index] for index in range(12)), num_workers=num_workers)


def step(batch: Any) -> None:
    time.sleep(QUICK)


def failing_step(batch: Any) -> None:
    raise KeyError("labels")


taken = 0


def signalled(number: int) -> None:
    """Some steps after the first: in the race, or in the look at steps before it where they are slow."""
    global taken
    taken += 1
    if taken == 20:
        os.kill(os.getpid(), number)
    time.sleep(QUICK)


def interrupted(batch: Any) -> None:
    signalled(signal.SIGINT)


def terminated(batch: Any) -> None:
    signalled(signal.SIGTERM)
