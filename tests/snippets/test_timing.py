"""The snippets that time something take the right difference of the right moments: tried with a clock of our own.

What it does not prove: that the times are right on a real clock; there each build measures.
"""

from collections.abc import Callable, Iterable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from snippets.helper_sprites import optional_num_workers
from snippets.optimization_guide import complete_example, too_many_workers


class Clock:
    """Stands at 100 s and goes on only when somebody sleeps or works."""

    def __init__(self) -> None:
        self.now = 100.0

    def perf_counter(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def loads(self, batches: Iterable[Any], seconds: float) -> Iterator[Any]:
        """Batches that take so long each."""
        for batch in batches:
            self.sleep(seconds)
            yield batch


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    for module in (optional_num_workers, complete_example, too_many_workers):
        monkeypatch.setattr(module, "time", SimpleNamespace(perf_counter=made.perf_counter, sleep=made.sleep))
    return made


def loading(clock: Clock, seconds: float, batches: int = 10**6) -> Callable[..., Iterator[Any]]:
    """In the place of DataLoader."""
    return lambda *_, **__: clock.loads(range(batches), seconds)


def test_an_epoch_of_slow_sprites(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optional_num_workers, "DataLoader", loading(clock, 0.5, batches=4))
    assert optional_num_workers.seconds_for_an_epoch(4) == 2.0


def test_the_complete_example(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    """The first batch comes after 0.25 s; four batches and four steps of 0.02 s are an epoch."""

    class Loader:
        def __iter__(self) -> Iterator[tuple[int, int]]:
            return clock.loads([(0, 0)] * 4, 0.25)

    complete_example.time_epochs("four", Loader())
    assert capsys.readouterr().out == "four: first batch 0.25 s, epoch 1.08 s\n" * 2


@pytest.mark.parametrize("num_workers", [0, 4])
def test_batches_per_second(clock: Clock, monkeypatch: pytest.MonkeyPatch, num_workers: int) -> None:
    """The head start is not counted: 64 batches in 16 s are 4 per second."""
    taken: list[int] = []

    def batches(*_: Any, **settings: Any) -> Iterator[int]:
        assert settings["num_workers"] == num_workers
        for number in clock.loads(range(10**6), 0.25):
            taken.append(number)
            yield number

    monkeypatch.setattr(too_many_workers, "DataLoader", batches)
    assert too_many_workers.batches_per_second(num_workers) == 4.0
    assert len(taken) == 3 * num_workers + 1 + 64


@pytest.mark.parametrize(
    ("rates", "enough"),
    [
        ({0: 10, 2: 10, 4: 40, 8: 80, 16: 160}, 0),
        ({0: 10, 2: 20, 4: 21, 8: 80, 16: 160}, 2),
        ({0: 10, 2: 11, 4: 22, 8: 44, 16: 44}, 8),
        ({0: 10, 2: 20, 4: 40, 8: 80, 16: 160}, 16),
    ],
)
def test_enough_workers(monkeypatch: pytest.MonkeyPatch, rates: dict[int, float], enough: int) -> None:
    """The last count that paid a tenth more than the one before."""
    monkeypatch.setattr(too_many_workers, "batches_per_second", rates.__getitem__)
    assert too_many_workers.enough_workers() == enough
