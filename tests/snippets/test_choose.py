"""choose.py finds the count that its page promises: its arithmetic with a clock of our own, its loaders with real ones.

What it does not prove: that the count is the best one on a real clock; there each build judges it on six workloads.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch.utils.data import BatchSampler, DataLoader, Dataset, IterableDataset, SequentialSampler

from snippets.lab.outputs.preloaded import Preloaded
from snippets.lab.outputs.running import code_of
from snippets.pages.choose_num_workers import choose

from ..docs.shown import SHOWN
from ..processes import run_in_fork
from .test_start_methods import PICKLING, UNDER, as_it_should


class Numbers(Dataset):
    def __init__(self, count: int) -> None:
        self.count = count

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> int:
        if not 0 <= index < self.count:
            raise IndexError(index)
        return index


class Stream(IterableDataset):
    def __iter__(self) -> Iterator[int]:
        return iter(range(6))


class ReadOnce(IterableDataset):
    """A stream that is at its end after one epoch."""

    def __init__(self) -> None:
        self.stream = iter(range(6))

    def __iter__(self) -> Iterator[int]:
        return self.stream


def padded(items: list[int]) -> torch.Tensor:
    """A collate function of a reader's own."""
    return torch.tensor([*items, -1])


# The race, with paces that are made up.

Paces = dict[int, float]
WAITING: Paces = {0: 42, 1: 32, 2: 16, 4: 10, 5: 10}
FLAT: Paces = {0: 10, 1: 12, 2: 12, 4: 12, 8: 12, 16: 12}


@pytest.fixture
def raced(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, list[int]]]:
    """`raced(load, step, first round, second round)` gives the answer and the counts that ran, in their order."""

    def race(load: float, train: float, first: Paces, again: Paces | None = None, **settings: Any):
        ran: list[int] = []

        def pace(_: Any, step: Any, num_workers: int) -> float:
            ran.append(num_workers)
            known = first if ran.count(num_workers) == 1 else again or first
            if known[num_workers] is None:
                raise TimeoutError
            return known[num_workers]

        monkeypatch.setattr(choose, "costs", lambda batches, step: (load, train))
        monkeypatch.setattr(choose, "pace", pace)
        return choose.choose_num_workers(DataLoader(Numbers(8)), print, **settings), ran

    return race


def test_the_division_proposes_and_the_smallest_that_is_as_fast_wins(raced: Any) -> None:
    assert raced(32, 10, WAITING) == (4, [0, 1, 2, 4, 5, 5, 4, 2, 1, 0])
    assert raced(42, 10, {**WAITING, 5: 8, 6: 8})[0] == 5, "4.2 steps need five workers"


def test_no_worker_is_proposed_where_a_batch_takes_less_than_a_tenth_of_a_step(raced: Any) -> None:
    assert raced(0.9, 10, {}) == (0, [])


def test_no_worker_wins_where_none_is_faster(raced: Any) -> None:
    """The division would say 16: the race stops after two counts that bring nothing."""
    assert raced(160, 10, FLAT) == (0, [0, 1, 2, 2, 1, 0])


def test_the_race_ends_at_the_cores(raced: Any) -> None:
    """Items that compute, on two cores: 40 steps in the time of a batch, and nothing is gained beyond 2 workers."""
    assert raced(400, 10, {0: 410, 1: 400, 2: 200, 4: 199, 8: 201}) == (2, [0, 1, 2, 4, 8, 8, 4, 2, 1, 0])


def test_a_count_that_was_slow_once_is_judged_by_its_other_round(raced: Any) -> None:
    assert raced(32, 10, {**WAITING, 4: 40}, WAITING)[0] == 4
    assert raced(32, 10, WAITING, {**WAITING, 4: 40})[0] == 4


def test_a_step_that_takes_no_time_needs_no_more_than_the_limit(raced: Any) -> None:
    count, ran = raced(10, 0.0, {n: 10 / max(1, n) for n in range(34)}, most=8)
    assert (count, max(ran)) == (8, 8), "no more workers than the limit are started"


def test_two_rounds_that_differ_are_said_to(raced: Any, capsys: pytest.CaptureFixture[str]) -> None:
    raced(32, 10, WAITING)
    assert "differ" not in capsys.readouterr().out
    raced(32, 10, WAITING, {**WAITING, 2: 21})
    assert "The two rounds differ" in capsys.readouterr().out


def test_a_race_that_has_no_time_says_so(raced: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Cut off in the first round, nothing was decided, and the division's number is given with a warning; in the
    second, each count has run once."""
    unfinished: Any = {0: 42, 1: 32, 2: None}
    assert raced(32, 10, unfinished, seconds=7)[0] == 4
    assert "7 s are too few" in capsys.readouterr().out
    once: Any = {**dict.fromkeys(WAITING, 60), 1: None}
    assert raced(32, 10, WAITING, once)[0] == 4
    assert "too few" in capsys.readouterr().out


# What is timed, with a clock that goes on only when somebody loads or steps.


class Clock:
    def __init__(self) -> None:
        self.now = 100.0
        self.waiting = 0.0
        self.events: list[str] = []

    def perf_counter(self) -> float:
        return self.now

    def batches(self, seconds: float) -> Iterator[int]:
        for number in range(10**6):
            self.now += seconds if number > 2 else 60
            self.events.append("load")
            yield number

    def step(self, seconds: float) -> Callable[[Any], None]:
        """It returns at once, as a step on a GPU does; the work is done when somebody waits for it."""

        def queued(_: Any) -> None:
            self.events.append("step")
            self.waiting += seconds

        return queued

    def synchronize(self) -> None:
        self.now, self.waiting = self.now + self.waiting, 0.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(choose, "time", SimpleNamespace(perf_counter=made.perf_counter))
    monkeypatch.setattr(choose, "synchronize", made.synchronize)
    return made


def test_costs_are_those_of_sixteen_batches_after_three(clock: Clock) -> None:
    """Of a step on a GPU, too: the call waits for it."""
    assert choose.costs(clock.batches(0.25), clock.step(0.5)) == (0.25, 0.5)
    assert clock.events.count("load") == 19


@pytest.mark.parametrize("num_workers", [0, 1, 3])
def test_a_pace_leaves_out_what_was_prefetched(clock: Clock, num_workers: int) -> None:
    """Three rounds of batches and two are thrown away; the rest is a multiple of the workers."""

    def batches() -> Iterator[int]:
        for number in range(10**6):
            clock.now += 0.25 if number >= 3 * num_workers + 2 else 60
            clock.events.append("load")
            yield number

    def step(_: Any) -> None:
        clock.now += 0.25

    assert choose.pace(batches(), step, num_workers) == 0.5
    timed = len(clock.events) - 3 * num_workers - 2
    assert timed >= 24 and timed % max(1, num_workers) == 0


def test_the_gpu_is_waited_for_at_both_ends_only(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Inside the race launches may overlap with loading, as in a loop that waits for nothing."""
    batches = clock.batches(0.25)
    next(batches)
    waited: list[float] = []

    def synchronize() -> None:
        waited.append(clock.waiting)
        clock.synchronize()

    monkeypatch.setattr(choose, "synchronize", synchronize)
    assert choose.pace(batches, clock.step(0.5), 0, timed=4, seconds=0) == 0.25 + 0.5
    assert waited == [2 * 0.5, 4 * 0.5]


def test_an_accelerator_is_waited_for_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replaces torch's accelerator: there is none here."""
    waited: list[bool] = []
    monkeypatch.setattr(torch.accelerator, "synchronize", lambda: waited.append(True))
    choose.synchronize()
    assert waited == []
    monkeypatch.setattr(torch.accelerator, "is_available", lambda: True)
    choose.synchronize()
    assert waited == [True]


# The reader's own loaders, real ones.

LATER = float("inf")


def loaders() -> dict[str, tuple[DataLoader, list[list[int]]]]:
    numbers = Numbers(6)
    batches = [[0, 1, 2, 3], [4, 5]]
    pairs = BatchSampler(SequentialSampler(numbers), 4, drop_last=False)
    return {
        "collate_fn": (DataLoader(numbers, 4, collate_fn=padded), [[0, 1, 2, 3, -1], [4, 5, -1]]),
        "batch_sampler": (DataLoader(numbers, batch_sampler=pairs), batches),
        "drop_last": (DataLoader(numbers, 4, drop_last=True), batches[:1]),
        "kept workers": (DataLoader(numbers, 4, num_workers=1, persistent_workers=True, prefetch_factor=3), batches),
        "timeout": (DataLoader(numbers, 4, num_workers=1, timeout=30), batches),
    }


@pytest.mark.parametrize("name", loaders())
@pytest.mark.parametrize("num_workers", [0, 2])
def test_a_readers_own_loader_is_raced_as_it_is(name: str, num_workers: int) -> None:
    loader, epoch = loaders()[name]
    settings = (loader.num_workers, loader.prefetch_factor, loader.timeout, loader.persistent_workers)
    batches = choose.endless(loader, num_workers, LATER)
    assert [next(batches).tolist() for _ in range(2 * len(epoch) + 1)] == [*epoch, *epoch, epoch[0]]
    assert len(multiprocessing.active_children()) == num_workers, "the workers of the race, and no others"
    batches.close()
    assert (loader.num_workers, loader.prefetch_factor, loader.timeout, loader.persistent_workers) == settings
    assert multiprocessing.active_children() == []


def test_workers_that_a_loader_has_kept_are_not_raced() -> None:
    """They would be as many as they were, whatever the count is."""
    loader = DataLoader(Numbers(6), 4, num_workers=1, persistent_workers=True)
    assert len([*loader]) == 2
    kept = {worker.pid for worker in multiprocessing.active_children()}
    batches = choose.endless(loader, 2, LATER)
    assert next(batches).tolist() == [0, 1, 2, 3]
    assert len({worker.pid for worker in multiprocessing.active_children()} - kept) == 2
    batches.close()
    assert {worker.pid for worker in multiprocessing.active_children()} == kept, "they are the reader's, and stay"


@pytest.mark.parametrize("num_workers", [0, 1])
def test_a_stream_is_raced(num_workers: int) -> None:
    batches = choose.endless(DataLoader(Stream(), 4), num_workers, LATER)
    assert [len(next(batches)) for _ in range(4)] == [4, 2, 4, 2]


def test_the_same_seed_begins_with_the_same_files() -> None:
    """As the page says of a second call, in a new process: whatever the race tries, it reads in the same order."""

    def order() -> list[int]:
        loader = DataLoader(Numbers(64), shuffle=True, generator=torch.Generator().manual_seed(0))
        until = time.perf_counter() + 60
        epochs = [choose.endless(loader, count, until) for count in (0, 1)]
        return [int(next(batches)) for batches in epochs for _ in range(16)]

    assert order() == order()
    assert order() != [*range(32)]


@pytest.mark.parametrize("dataset", [Numbers(0), ReadOnce()])
def test_a_loader_without_a_second_epoch_is_refused_in_clear_words(dataset: Dataset) -> None:
    with pytest.raises(ValueError, match="no batch: is it empty, or read only once"):
        choose.choose_num_workers(DataLoader(dataset, 4), lambda batch: None)


@pytest.mark.skipif(multiprocessing.get_start_method() != "fork", reason="each epoch would import torch")
def test_fewer_batches_than_are_timed_are_enough(capsys: pytest.CaptureFixture[str]) -> None:
    """An epoch of two batches: each one starts its workers, and pays for that in the race."""
    threads = torch.get_num_threads()
    loader = DataLoader(Numbers(6), 4, collate_fn=padded)
    count = choose.choose_num_workers(loader, lambda batch: None, most=1, seconds=120)
    assert count in (0, 1)
    assert torch.get_num_threads() == threads
    assert "0 workers: " in capsys.readouterr().out


def test_the_limit_is_kept() -> None:
    """A loader that would take minutes ends soon after its limit, in clear words."""
    with pytest.raises(TimeoutError, match="too slow to tell in time"):
        choose.choose_num_workers(DataLoader(Numbers(9)), lambda batch: time.sleep(0.1), seconds=1)


def test_the_pages_example_where_workers_are_not_forked(python: Preloaded | None, workplace: Path) -> None:
    """Photos, a network and a step. Fewer photos make a batch, so that a busy machine has its costs in time."""
    whole, script = code_of("choose_num_workers/choose"), workplace / "choose.py"
    assert whole.count("batch_size=16") == 1
    script.write_text(whole.replace("batch_size=16", "batch_size=2"), encoding="utf-8")
    outcome = run_in_fork(python, UNDER, PICKLING, script, cwd=workplace)
    as_it_should(outcome, SHOWN["choose_num_workers/choose"] + r"\n")
    counts = [int(count) for count in (workplace / "workers").read_text().split()]
    assert set(counts[:3]) == {0}, "the model's first batch, the costs, the race"
