"""What choose.py times as the pace of a loader and a step, with a clock that goes on only when one loads or steps."""

import math
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from snippets.pages.choose_num_workers import choose


class Clock:
    def __init__(self) -> None:
        self.now = 100.0
        self.waiting = 0.0
        self.loaded = 0

    def perf_counter(self) -> float:
        return self.now

    def batches(self, seconds: float, slow: int = 0, epoch: int = 10**6) -> Iterator[int]:
        """The first `slow` take a minute each."""
        for _ in range(epoch):
            self.now += 60 if self.loaded < slow else seconds
            self.loaded += 1
            yield self.loaded

    def step(self, seconds: float) -> Callable[[Any], None]:
        """It returns at once, as a step on a GPU does; the work is done when somebody waits for it."""

        def queued(_: Any) -> None:
            self.waiting += seconds

        return queued

    def synchronize(self) -> None:
        self.now, self.waiting = self.now + self.waiting, 0.0


class Epochs:
    """Batches, `length` in each epoch. Workers start with each."""

    def __init__(self, clock: Clock, length: int, seconds: float, start: float) -> None:
        self.clock, self.length, self.seconds, self.start = clock, length, seconds, start

    def __len__(self) -> int:
        return self.length

    def __iter__(self) -> Iterator[int]:
        self.clock.now += self.start
        return self.clock.batches(self.seconds, epoch=self.length)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(choose, "time", SimpleNamespace(perf_counter=made.perf_counter))
    monkeypatch.setattr(choose, "synchronize", made.synchronize)
    return made


@pytest.mark.parametrize("num_workers", [0, 1, 3])
def test_a_pace_leaves_out_what_was_prefetched(clock: Clock, num_workers: int) -> None:
    """Three rounds of batches and one are thrown away; the rest is a multiple of the workers, for a second."""
    skipped = 3 * num_workers + 1
    batches = clock.batches(0.0625, slow=skipped)
    assert choose.pace(batches, num_workers, clock.step(0), 60, math.inf) == 0.0625
    timed = clock.loaded - skipped
    assert timed > 16 and timed % max(1, num_workers) == 0


def test_a_pace_is_that_of_four_batches_at_least(clock: Clock) -> None:
    assert choose.pace(clock.batches(5, slow=1), 0, clock.step(0), 60, math.inf) == 5
    assert clock.loaded == 1 + 4


@pytest.mark.parametrize("length", [3, 8])
def test_short_epochs_are_timed_whole(clock: Clock, length: int) -> None:
    """Each starts its workers: so many starts as belong to so many batches."""
    epochs = Epochs(clock, length, seconds=0.03125, start=0.125)
    assert choose.pace(epochs, 1, clock.step(0), 60, math.inf) == pytest.approx(0.03125 + 0.125 / length)


def test_a_long_epoch_is_not_waited_for(clock: Clock) -> None:
    choose.pace(Epochs(clock, 10**6, seconds=0.0625, start=1), 2, clock.step(0), 60, math.inf)
    assert clock.loaded < 40


def test_the_gpu_is_waited_for_at_both_ends_only(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Inside the race launches may overlap with loading, as in a loop that waits for nothing."""
    waited: list[float] = []

    def synchronize() -> None:
        waited.append(clock.waiting)
        clock.synchronize()

    monkeypatch.setattr(choose, "synchronize", synchronize)
    assert choose.pace(clock.batches(1.25), 0, clock.step(0.5), 60, math.inf) == 1.25 + 0.5
    assert waited == [0.5, 4 * 0.5]


def test_a_pace_ends_where_time_is_up(clock: Clock) -> None:
    with pytest.raises(choose.TooSlow):
        choose.pace(clock.batches(0.25), 0, clock.step(0), 60, clock.now + 1)
    assert clock.loaded == 5


def test_an_accelerator_is_waited_for_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replaces torch's accelerator: there is none here."""
    waited: list[bool] = []
    monkeypatch.setattr(torch.accelerator, "synchronize", lambda: waited.append(True))
    choose.synchronize()
    assert waited == []
    monkeypatch.setattr(torch.accelerator, "is_available", lambda: True)
    choose.synchronize()
    assert waited == [True]
