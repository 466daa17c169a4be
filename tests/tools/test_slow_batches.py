"""Batches that take one process seconds, as some hundred photos do: what is told of them within a usual limit of time.

All experiments load small batches, which have many of their kind in a second. On a GPU beside 16 cores the function and
the tuner had no time for a good count; here is the kind of it, on a clock that goes on only while somebody works.
"""

from __future__ import annotations

from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest

from snippets.pages.choose_num_workers import choose, verify
from snippets.pages.find_the_bottleneck import headspace
from snippets.tools import tune_num_workers as tuner

from .virtual import Loader, Workers, World, pace

SLOW = [(16, 2.5, 0.1), (12, 2.5, 0.1), (4, 2.5, 0.1), (4, 0.5, 0.1), (16, 1.0, 0.1), (8, 2.0, 0.2)]
"""Cores; seconds in which one process makes a batch; seconds of a step."""


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, case: tuple[int, float, float]) -> World:
    found = World(case[0])
    for module in (choose, verify, headspace, tuner):
        monkeypatch.setattr(module, "time", clock_of(found))
    monkeypatch.setattr(choose, "os", SimpleNamespace(cpu_count=lambda: case[0]))
    return found


def clock_of(world: World) -> SimpleNamespace:
    """In the place of the module `time`. The main process computes nothing."""
    return SimpleNamespace(perf_counter=world.perf_counter, thread_time=lambda: 0.0, process_time=lambda: 0.0)


def lost(case: tuple[int, float, float], count: int | None) -> float:
    """The share by which a count is slower than the best one."""
    assert count is not None
    return pace(*case, count) / min(pace(*case, each) for each in range(65)) - 1


@pytest.mark.parametrize("case", SLOW)
def test_in_a_minute_the_function_guesses_well(world: World, case: tuple[int, float, float]) -> None:
    count = choose.choose_num_workers(Loader(world, case[1]), lambda _: world.sleep(case[2]))
    assert lost(case, count) < 0.1 and world.now < 60 + 2 * case[1]


@pytest.mark.parametrize("case", SLOW)
def test_in_two_hundred_times_a_batch_the_function_has_raced(
    world: World, case: tuple[int, float, float], capsys: pytest.CaptureFixture[str]
) -> None:
    """As its page says."""
    seconds = max(60, round(200 * case[1]))
    count = choose.choose_num_workers(Loader(world, case[1]), lambda _: world.sleep(case[2]), seconds=seconds)
    assert lost(case, count) < 0.1 and "cannot tell" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("case", "epoch", "seconds"), [((16, 2.5, 0.1), 80, 300), ((16, 1.0, 0.1), 80, 300), ((4, 0.5, 0.1), 22, 60)]
)
def test_where_an_epoch_is_short_a_start_belongs_to_each_run(
    world: World, case: tuple[int, float, float], epoch: int, seconds: int
) -> None:
    """Not to some of them, as chance has it."""
    count = choose.choose_num_workers(
        Loader(world, case[1], epoch=epoch), lambda _: world.sleep(case[2]), seconds=seconds
    )

    def whole_epoch(workers: int) -> float:
        apart = World(case[0])
        for _ in Loader(apart, case[1], workers, epoch):
            apart.sleep(case[2])
        return apart.now

    assert count is not None and whole_epoch(count) < 1.1 * min(map(whole_epoch, range(33)))


@pytest.mark.parametrize("case", [(16, 2.5, 0.1)])
@pytest.mark.parametrize("count", [0, 1, 5, 12, 20, 40, 50])
def test_what_is_waited_and_can_be_gained_is_told_of_whole_turns(
    world: World, case: tuple[int, float, float], count: int
) -> None:
    """Batches come in bursts of as many as there are workers; of 32 steps beside 40 workers, none would wait."""
    true = pace(*case, count)
    waited = verify.wait_fraction(Loader(world, case[1], count), lambda _: world.sleep(case[2]))
    assert waited == pytest.approx(1 - case[2] / true, abs=0.02)
    turn = max(1, count)
    batches = iter(Loader(world, case[1], count))
    rate = headspace.steps_per_second(batches, lambda _: world.sleep(case[2]), 5 + 3 * turn, 2 * turn)
    assert rate == pytest.approx(1 / true, rel=0.02)


class Track:
    """A loader of the tuner that goes on for ever."""

    def __init__(self, loader: Any, deadline: float) -> None:
        self.loader, self.deadline, self.count = loader, deadline, loader.num_workers
        self.workers = [SimpleNamespace(pid=1)] * self.count
        self.batches: Any = None
        self.started, self.epochs = 0.0, 0

    def start(self) -> Any:
        began = self.loader.world.now
        self.batches = Workers(self.loader.world, self.count, self.loader.batch)
        batch = self.next()
        self.started = self.loader.world.now - began
        return batch

    def next(self) -> Any:
        number = next(self.batches)
        if self.loader.world.now > self.deadline:
            raise tuner.Stop
        if isinstance(self.loader.collate_fn, tuner.Stamped):
            spent = (number + 1) * self.loader.batch
            return (), self.loader.world.now, spent, spent
        return number

    def close(self, hurry: bool) -> None:
        if self.batches is not None:
            self.batches.close()


def tuned(
    monkeypatch: pytest.MonkeyPatch, world: World, case: tuple[int, float, float], **limits: float
) -> tuner.Tuned:
    """What the tuner finds in so many `seconds`. `bytes` of a batch; `shm` and `ram` of the machine."""
    monkeypatch.setattr(tuner, "Track", Track)
    monkeypatch.setattr(tuner, "check", lambda loader, count: None)
    monkeypatch.setattr(tuner, "endless", lambda loader, indices: loader)
    monkeypatch.setattr(tuner, "size_of", lambda batch: (int(limits.get("bytes", 1e6)), 1))
    monkeypatch.setattr(tuner, "memory_of", lambda process: (300e6, 200e6))
    for name in ("share_from_disk", "seconds_without_a_core"):
        monkeypatch.setattr(tuner, name, lambda process: 0.0)

    def make_loader(count: int) -> Any:
        loader = Loader(world, case[1], count)
        method = SimpleNamespace(get_start_method=lambda: "fork")
        loader.__dict__ |= {"multiprocessing_context": method, "collate_fn": None, "dataset": None}
        return loader

    search = tuner.Search(make_loader, lambda batch: world.step(case[2]), limits["seconds"], 64e9, 64)
    search.cores, search.shm = float(case[0]), limits.get("shm", 1e12)
    monkeypatch.setattr(search, "say", lambda doing, where="": setattr(search, "doing", doing))
    with suppress(tuner.Stop):
        search.run()
    return search.result("")


@pytest.mark.parametrize("case", SLOW)
def test_in_a_minute_the_tuner_guesses_well(
    monkeypatch: pytest.MonkeyPatch, world: World, case: tuple[int, float, float]
) -> None:
    found = tuned(monkeypatch, world, case, seconds=60)
    assert lost(case, found.num_workers) < 0.05 and world.now <= 60 + case[1]
    assert found.num_workers in found.raced, "it runs first"


@pytest.mark.parametrize("case", [(16, 0.24, 0.008), (32, 0.24, 0.004), (8, 0.24, 0.008)])
@pytest.mark.parametrize("seconds", [20, 60])
def test_a_gpu_that_slows_down_while_it_waits_leads_the_tuner_not_astray(
    monkeypatch: pytest.MonkeyPatch, world: World, case: tuple[int, float, float], seconds: float
) -> None:
    """Beside enough workers it does not wait. On an H200 the tuner chose 12 of 16, and lost a third."""
    world.rested = 0.02
    found = tuned(monkeypatch, world, case, seconds=seconds)
    assert lost(case, found.num_workers) < 0.05


@pytest.mark.parametrize("case", SLOW)
def test_in_the_time_that_it_says_would_do_the_tuner_is_certain_and_right(
    monkeypatch: pytest.MonkeyPatch, world: World, case: tuple[int, float, float]
) -> None:
    """The batches that lie ready while the others race are not timed: they would flatter too few and too many."""
    notes = " ".join(tuned(monkeypatch, world, case, seconds=60).notes)
    would_do = next((word for word, then in zip(notes.split(), notes.split()[1:], strict=False) if then == "s"), "60")
    again = World(case[0])
    monkeypatch.setattr(tuner, "time", clock_of(again))
    found = tuned(monkeypatch, again, case, seconds=float(would_do))
    assert found.certain, (would_do, found.why)
    assert lost(case, found.num_workers) <= tuner.SAME + 0.01


@pytest.mark.parametrize("case", [(16, 2.5, 0.1)])
@pytest.mark.parametrize(("shm", "most"), [(64e6, 0), (4.3e9, 11)])
def test_where_shared_memory_is_short_the_tuner_is_not_certain(
    monkeypatch: pytest.MonkeyPatch, world: World, case: tuple[int, float, float], shm: float, most: int
) -> None:
    """256 photos of 224 x 224 as float32. It takes what there is room for, and says that more may be better."""
    found = tuned(monkeypatch, world, case, seconds=600, bytes=154e6, shm=shm)
    assert (found.num_workers, found.certain) == (most, False)
    assert "/dev/shm has no room" in found.why
