"""Steady state is what is left when the first batches, which prefetching made ready, are not counted."""

import math
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
import torch
from torch.utils.data import DataLoader, TensorDataset

from snippets.lab.instruments import timing
from snippets.lab.instruments.timing import endless, time_for, time_loader

NUMBERS = TensorDataset(torch.arange(10))


class Told:
    """Stands in for a DataLoader and a clock that moves by one with each batch."""

    def __init__(self, num_workers: int, prefetch_factor: int | None, batch_size: int = 4) -> None:
        self.num_workers, self.prefetch_factor, self.batch_size = num_workers, prefetch_factor, batch_size
        self.given = 0

    def __iter__(self) -> Iterator[int]:
        while True:
            self.given += 1
            yield self.given

    def clock(self) -> float:
        return float(self.given)


@pytest.mark.parametrize(
    ("workers", "prefetch", "discarded"), [(0, None, 1), (1, 2, 3), (2, 2, 6), (4, 2, 12), (2, 5, 12)]
)
def test_the_first_batches_are_not_counted_and_after_each_comes_its_step(
    monkeypatch: pytest.MonkeyPatch, workers: int, prefetch: int | None, discarded: int
) -> None:
    """From the first batch on, before the next one is asked for; the last one's too lies within the window."""
    told: Any = Told(workers, prefetch)
    steps: list[tuple[int, int]] = []
    looks: list[tuple[float, int]] = []
    monkeypatch.setattr(timing, "perf_counter", lambda: looks.append((told.clock(), len(steps))) or told.clock())
    monkeypatch.setattr(timing, "thread_time", told.clock)
    values = time_loader(told, 8, lambda batch: steps.append((batch, told.given))).values
    ends = discarded + 8
    assert looks == [(0, 0), (0, 0), (1, 0), (discarded, discarded), (ends, ends), (ends, ends)]
    assert steps == [(number, number) for number in range(1, ends + 1)]
    assert values["throughput"] == told.batch_size
    assert values["main_cpu"] == 1 / told.batch_size
    assert values["first_batch"] == 1


@pytest.mark.parametrize(("window", "workers"), [(9, 2), (1, 4), (6, 4)])
def test_a_window_that_would_cut_a_burst_is_refused(window: int, workers: int) -> None:
    told: Any = Told(workers, 2)
    with pytest.raises(ValueError, match=f"a window of {window} batches is not a multiple of {workers} workers"):
        time_loader(told, window)
    assert told.given == 0


def test_a_slow_step_is_slow_in_the_throughput(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that moves by one with each batch, and by three with each step."""
    told: Any = Told(2, 2)
    steps: list[int] = []
    monkeypatch.setattr(timing, "perf_counter", lambda: told.given + 3.0 * len(steps))
    assert time_loader(told, 8, steps.append).values["throughput"] == told.batch_size / 4


def test_a_clock_that_stands_still_gives_no_throughput(monkeypatch: pytest.MonkeyPatch) -> None:
    told: Any = Told(2, 2)
    monkeypatch.setattr(timing, "perf_counter", lambda: 1.0)
    with pytest.raises(ZeroDivisionError):
        time_loader(told, 8)


@pytest.mark.parametrize("workers", [0, 2])
def test_real_loaders(workers: int) -> None:
    loader = DataLoader(NUMBERS, 2, sampler=endless(NUMBERS), num_workers=workers)
    values, of_a_time = time_loader(loader, 8).values, time_for(loader, 0.05).values
    assert set(values) == {"start_up", "first_batch", "throughput", "main_cpu", "shutdown"}
    assert set(of_a_time) == {"per_batch", "main_cpu"}
    for name, value in (*values.items(), *of_a_time.items()):
        assert math.isfinite(value) and (value > 0 or name == "main_cpu" and value == 0), name  # Windows' thread clock
    assert values["start_up"] <= values["first_batch"]


def test_an_endless_sampler_goes_on_and_stays_within_the_dataset() -> None:
    drawn = [*islice(endless(NUMBERS), 1000)]
    assert len(drawn) == 1000
    assert set(drawn) == set(range(10))


# As many batches as fill a time.


@pytest.mark.parametrize(
    ("workers", "prefetch", "seconds", "taken"),
    [
        (0, None, 7.5, 8),
        (1, 2, 7.5, 8),
        (4, 2, 7.5, 8),
        (4, 2, 8.0, 8),
        (4, 2, 8.5, 12),
        (3, 1, 7.0, 9),
        (4, 2, 0.0, 4),
        (0, None, 0.0, 1),
        (8, 2, 0.5, 8),
    ],
)
def test_whole_rounds_until_the_time_is_over_and_one_at_least(
    monkeypatch: pytest.MonkeyPatch, workers: int, prefetch: int | None, seconds: float, taken: int
) -> None:
    """The clock moves by one with each batch; those that prefetching made ready come before."""
    told: Any = Told(workers, prefetch)
    steps: list[int] = []
    monkeypatch.setattr(timing, "perf_counter", told.clock)
    monkeypatch.setattr(timing, "thread_time", lambda: told.clock() / 4)
    values = time_for(told, seconds, steps.append).values
    assert values == {"per_batch": 1.0, "main_cpu": 0.25}
    discarded = ((prefetch or 0) + 1) * workers or 1
    assert told.given == discarded + taken
    assert steps == [*range(1, discarded + taken + 1)], "after each batch comes its step"


def test_of_a_batch_that_takes_longer_than_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What took a minute is not said to have taken the second that was meant."""
    told: Any = Told(2, 2)
    monkeypatch.setattr(timing, "perf_counter", lambda: 60.0 * told.given)
    assert time_for(told, 1.0).values["per_batch"] == 60.0
