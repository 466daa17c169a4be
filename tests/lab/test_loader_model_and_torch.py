"""A real DataLoader assigns and gives the batches that the model says. Counted; what times are is not looked at."""

import multiprocessing
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.synchronize import Event

import pytest
from torch.utils.data import DataLoader, Dataset, Sampler, get_worker_info

from snippets.lab.loader_model import Batch, Loader
from tests.lab.model_run import Run, modelled, waits

pytestmark = [
    pytest.mark.filterwarnings("ignore:This DataLoader will create"),
    pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="this system has no fork"),
]
FORK = multiprocessing.get_context("fork") if "fork" in multiprocessing.get_all_start_methods() else multiprocessing
HANGS_AFTER = 120.0
"""Seconds. A guard, no statement about speed."""


@dataclass
class Counted(Sampler[int]):
    """Each index once, and how many were asked for."""

    count: int
    asked: int = 0

    def __iter__(self) -> Iterator[int]:
        for number in range(self.count):
            self.asked += 1
            yield number


@dataclass
class Held(Dataset[tuple[int, int]]):
    """Each item is its number and its worker; the first is not made before the event."""

    event: Event

    def __getitem__(self, index: int) -> tuple[int, int]:
        if index == 0:
            assert self.event.wait(HANGS_AFTER)
        info = get_worker_info()
        assert info
        return index, info.id


class Real:
    """A DataLoader of `count` batches, asked one by one; `run` has what a run of the model has, but for the times."""

    def __init__(self, count: int, loader: Loader, held: bool = False) -> None:
        self.event = FORK.Event()
        self.sampler = Counted(count)
        self.dataset = Held(self.event)
        if not held:
            self.event.set()
        self.batches = iter(
            DataLoader(
                self.dataset,
                batch_size=None,
                sampler=self.sampler,
                num_workers=loader.num_workers,
                prefetch_factor=loader.prefetch_factor,
                in_order=loader.in_order,
                multiprocessing_context="fork",
                timeout=HANGS_AFTER,
            )
        )
        self.run = Run([], ahead=self.sampler.asked)
        self.made_by: dict[int, int] = {}

    def ask(self, times: int = 1) -> None:
        for _ in range(times):
            number, worker = next(self.batches)
            self.run.given.append(number)
            self.run.assigned.append(self.sampler.asked)
            self.made_by[number] = worker

    def finish(self) -> Run:
        with pytest.raises(StopIteration):
            self.ask(10**6)
        self.run.made_by = [self.made_by[number] for number in sorted(self.made_by)]
        return self.run


def without_times(run: Run) -> Run:
    return Run([], run.given, run.made_by, run.assigned, run.ahead)


@pytest.mark.parametrize(("workers", "factor", "count"), [(1, 2, 9), (2, 2, 12), (3, 1, 10), (4, 3, 30), (3, 4, 7)])
def test_in_order(workers: int, factor: int, count: int) -> None:
    loader = Loader(workers, factor)
    real = Real(count, loader).finish()
    assert real == without_times(modelled(waits([1.0] * count), loader))


def test_out_of_order_one_batch_is_held_until_all_others_are_there() -> None:
    """With two workers all of it follows from the source: the other one gets whatever is left to assign."""
    loader, count = Loader(2, 2, in_order=False), 12
    real = Real(count, loader, held=True)
    real.ask(count - 2)
    real.event.set()
    expected = modelled([Batch(1000.0), *waits([1.0] * (count - 1))], loader)
    assert real.finish() == without_times(expected)
    assert expected.given == [1, *range(3, count), 0, 2]
    assert expected.made_by == [0, 1, 0, *[1] * (count - 3)]
