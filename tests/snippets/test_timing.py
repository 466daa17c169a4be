"""The snippets that time or weigh something take the right difference of the right moments: tried with a clock of our
own.

What it does not prove: that the times are right on a real clock; there each build measures.
"""

from collections.abc import Callable, Iterable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from snippets.choose_num_workers import choose, verify
from snippets.find_the_bottleneck import bursts, busy_neighbour, fed, headspace, slow_first_batch, starved, straggler
from snippets.helper_sprites import optional_num_workers
from snippets.optimization_guide import complete_example, too_many_workers
from snippets.what_a_worker_costs import few_large_tensors, preloaded_forkserver, shared_memory

WAITING = (bursts, busy_neighbour, fed, slow_first_batch, starved, straggler)
TIMED = (
    *WAITING,
    optional_num_workers,
    complete_example,
    too_many_workers,
    choose,
    verify,
    headspace,
    few_large_tensors,
    preloaded_forkserver,
    shared_memory,
)


class Clock:
    """Stands at 100 s and goes on only when somebody sleeps or works; what is worked counts as CPU time, too."""

    def __init__(self) -> None:
        self.now = 100.0
        self.worked = 10.0

    def perf_counter(self) -> float:
        return self.now

    def thread_time(self) -> float:
        return self.worked

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def work(self, seconds: float) -> None:
        self.now += seconds
        self.worked += seconds

    def loads(self, batches: Iterable[Any], seconds: float) -> Iterator[Any]:
        """Batches that take so long each."""
        for batch in batches:
            self.sleep(seconds)
            yield batch


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    time = SimpleNamespace(perf_counter=made.perf_counter, sleep=made.sleep, thread_time=made.thread_time)
    for module in TIMED:
        monkeypatch.setattr(module, "time", time)
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


@pytest.mark.parametrize(
    ("waits", "computes", "step", "cores", "chosen"),
    [
        (0.0, 0.25, 0.125, 8, 3),  # two batches in the time of one, and one more
        (0.0, 0.25, 0.100, 8, 4),  # two and a half are three
        (0.0, 0.25, 0.100, 2, 3),  # the cores are the cap
        (0.0, 0.25, 0.100, 1.5, 3),
        (0.0, 0.25, 0.100, 0.25, 2),  # of a quota of a quarter, too, there is one worker, and one more
        (0.1875, 0.0625, 0.0625, 1, 5),  # what waits for three quarters of its time lets four share a core
        (0.1875, 0.0625, 0.015625, 2, 9),
        (0.0, 0.0625, 1.0, 8, 0),  # less than a tenth of the step
        (0.0, 0.125, 1.0, 8, 2),
    ],
)
def test_the_number_that_is_chosen(
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    waits: float,
    computes: float,
    step: float,
    cores: float,
    chosen: int,
) -> None:
    """Eight batches are timed, after one that is not: it takes a hundred times as long."""
    asked: list[int] = []

    def batches(*_: Any, **settings: Any) -> Iterator[int]:
        assert settings == {"shuffle": True}
        for number in range(10**6):
            asked.append(number)
            longer = 1 if number else 100
            clock.sleep(waits * longer)
            clock.work(computes * longer)
            yield number

    def train_step(number: int) -> None:
        clock.work(step if number else 100 * step)

    threads: list[int] = []
    monkeypatch.setattr(choose, "DataLoader", batches)
    monkeypatch.setattr(choose.torch, "set_num_threads", threads.append)
    assert choose.choose_num_workers([], 32, train_step, cores) == chosen
    assert (len(asked), threads) == (9, [1])


@pytest.mark.parametrize("num_workers", [0, 3])
def test_the_share_of_time_that_is_waited(clock: Clock, monkeypatch: pytest.MonkeyPatch, num_workers: int) -> None:
    """Of each second a step takes three quarters. The head start, of which the first batch is late, is not counted."""
    taken: list[int] = []

    def batches(*_: Any, **settings: Any) -> Iterator[int]:
        assert settings["num_workers"] == num_workers
        for number in range(10**6):
            clock.sleep(0.25 if number else 60)
            taken.append(number)
            yield number

    monkeypatch.setattr(verify, "DataLoader", batches)
    assert verify.wait_fraction([], 8, lambda _: clock.sleep(0.75), num_workers) == 0.25
    assert len(taken) == 3 * num_workers + 1 + 32


@pytest.mark.parametrize("module", WAITING)
def test_waits_before_each_batch(clock: Clock, module: Any) -> None:
    assert [*module.waits(clock.loads(range(3), 0.25), lambda _: clock.sleep(0.5))] == [0.25, 0.25, 0.25]


def test_steps_per_second(clock: Clock) -> None:
    assert headspace.steps_per_second(clock.loads(range(99), 0.125), lambda _: clock.sleep(0.125)) == 4.0


def test_seconds_per_batch_of_tensors(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(few_large_tensors, "DataLoader", loading(clock, 0.25))
    assert few_large_tensors.seconds_per_batch([]) == 0.25


def test_seconds_to_the_first_batch(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preloaded_forkserver, "DataLoader", loading(clock, 0.25))
    assert preloaded_forkserver.seconds_to_first_batch() == 0.25


def test_megabytes_that_lie_ahead(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """What lay there before is not counted, and what workers make in a second is."""
    begun = clock.now
    monkeypatch.setattr(shared_memory, "DataLoader", loading(clock, 0.25))
    monkeypatch.setattr(shared_memory, "used", lambda: 3e6 + 8e6 * (clock.now - begun))
    assert shared_memory.megabytes_ahead(2, 2) == 8.0
