"""choose.py finds the count that its page promises: its race with made-up paces, its loaders with real ones. How it
times a pace: test_pace.py.

What it does not prove: that the count is the best one on a real clock; there the experiment `choosing` judges it.
"""

from __future__ import annotations

import itertools
import math
import multiprocessing
import random
import time
from collections.abc import Callable, Iterator
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.utils.data import BatchSampler, DataLoader, Dataset, IterableDataset, SequentialSampler

from snippets.lab.outputs.preloaded import Preloaded
from snippets.lab.outputs.running import code_of
from snippets.pages.choose_num_workers import choose

from ..docs.shown import SHOWN
from ..processes import UNDER, run_in_fork
from .test_start_methods import PICKLING, as_it_should


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


class Prepared(DataLoader):
    """As accelerate prepares one: what it gives comes from the loader inside it, whose count of workers stays."""

    def __init__(self, loader: DataLoader) -> None:
        super().__init__(loader.dataset, loader.batch_size)
        self.base_dataloader = loader

    def __iter__(self) -> Iterator[Any]:  # pyrefly: ignore[bad-override]  (as readers write it)
        yield from self.base_dataloader


class Moved(DataLoader):
    """It does something with each batch of its own workers."""

    def __iter__(self) -> Iterator[Any]:  # pyrefly: ignore[bad-override]  (as readers write it)
        for batch in super().__iter__():
            yield batch + 1


def padded(items: list[int]) -> torch.Tensor:
    """A collate function of a reader's own."""
    return torch.tensor([*items, -1])


# The race, with paces that are made up.

Paces = dict[int, float]
WAITING: Paces = {0: 4.2, 1: 3.2, 2: 1.6, 3: 1.07, **dict.fromkeys((4, 6, 8, 12), 1.0)}
"""A batch waits for 3.2 steps."""


@pytest.fixture
def raced(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int | None, list[int]]]:
    """`raced(paces, later paces)` gives the answer and the counts that ran, in their order. A step alone takes 1."""

    def race(first: Paces, later: Paces | None = None, **settings: Any) -> tuple[int | None, list[int]]:
        ran: list[int] = []

        def pace(batches: Any, num_workers: int, *_: Any) -> float:
            if isinstance(batches, map):
                return 1.0
            ran.append(num_workers)
            known = first if ran.count(num_workers) == 1 else later or first
            if num_workers not in known:
                raise choose.TooSlow
            return known[num_workers]

        monkeypatch.setattr(choose, "pace", pace)
        return choose.choose_num_workers(DataLoader(Numbers(8)), print, **settings), ran

    return race


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    with_cores(monkeypatch, 2)


def with_cores(monkeypatch: pytest.MonkeyPatch, cores: int | None) -> None:
    monkeypatch.setattr(choose.os, "cpu_count", lambda: cores)


def test_the_smallest_count_that_is_as_fast_wins(raced: Any) -> None:
    """What is close runs three times more; the race ends where two counts in a row brought nothing."""
    assert raced(WAITING) == (4, [0, 2, 3, 4, 6, 8, *3 * (8, 6, 4, 3)])


@pytest.mark.parametrize(("cores", "start"), [(1, 1), (4, 4), (64, 8), (None, 1)])
def test_the_race_begins_where_each_worker_has_a_core(
    monkeypatch: pytest.MonkeyPatch, raced: Any, cores: int | None, start: int
) -> None:
    """But with 8 at most, for of the cores that there are few may be free; and it goes up and down from there."""
    with_cores(monkeypatch, cores)
    count, ran = raced({n: max(1, 40 / max(1, n)) for n in range(33)})
    assert ran[:2] == [0, start] and count == 32


def test_the_race_begins_with_the_quotient_where_that_is_less(monkeypatch: pytest.MonkeyPatch, raced: Any) -> None:
    """4.2 steps in the time of a batch need five workers."""
    with_cores(monkeypatch, 16)
    count, ran = raced({0: 5.2, 3: 1.4, 4: 1.05, **dict.fromkeys((5, 6, 8), 1.0)})
    assert (count, ran[:6]) == (5, [0, 5, 6, 8, 4, 3])


def test_the_quotient_is_raced_with_the_others(raced: Any) -> None:
    count, ran = raced({0: 5.2, 1: 4.2, 2: 2.1, 3: 1.4, 4: 1.05, **dict.fromkeys((5, 6, 8), 1.0)})
    assert (count, ran[:7]) == (5, [0, 2, 3, 4, 5, 6, 8])


def test_a_count_below_the_first_may_be_the_fastest(monkeypatch: pytest.MonkeyPatch, raced: Any) -> None:
    """Where workers get into each other's way, the race goes down for as long as that pays."""
    with_cores(monkeypatch, 8)
    paces: Paces = {0: 9.0, 1: 5.0, 2: 3.0, 3: 3.3, 4: 3.5, 6: 4.0, 8: 4.4, 12: 5.0, 16: 5.0}
    count, ran = raced(paces)
    assert (count, ran[:9]) == (2, [0, 8, 12, 16, 6, 4, 3, 2, 1])


def test_no_worker_wins_where_none_is_faster(raced: Any) -> None:
    """The division would say 16: the race stops after two counts that bring nothing."""
    assert raced({0: 17, **dict.fromkeys((1, 2, 3, 4), 18)}) == (0, [0, 2, 3, 4, 1, *3 * (4, 3, 2, 1, 0)])


def test_the_race_goes_on_while_workers_help_each_other(raced: Any) -> None:
    """Without workers four threads make an item; a worker has one. A count that catches up comes late."""
    paces: Paces = {0: 11, 1: 40, 2: 20, 3: 13.4, 4: 10, 6: 6.7, 8: 5, 12: 5, 16: 5}
    assert raced({**paces, 10: 5})[0] == 8


def test_the_race_ends_at_the_cores(raced: Any) -> None:
    """Items that compute, on two cores: 40 steps in the time of a batch, and nothing is gained beyond 2 workers."""
    count, ran = raced({0: 41, 1: 40, **dict.fromkeys((2, 3, 4), 20)})
    assert (count, max(ran)) == (2, 4)


def test_a_run_that_was_slow_once_decides_nothing(raced: Any) -> None:
    assert raced({**WAITING, 4: 1.15}, WAITING)[0] == 4
    assert raced({**WAITING, 6: 0.93}, WAITING)[0] == 4


def test_no_more_workers_than_the_limit_are_started(raced: Any) -> None:
    count, ran = raced({n: 100 / max(1, n) for n in range(33)}, most=8)
    assert (count, max(ran)) == (8, 8)


def test_where_runs_differ_it_says_what_it_cannot_tell_apart(raced: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """But one slow run of four says nothing, and where no other count comes close, the answer is certain however much
    its runs differ.
    """
    assert raced({count: 0.85 * pace for count, pace in WAITING.items()}, WAITING)[0] == 4
    assert "cannot tell apart: 3 4 6 8 (equal runs differ by a tenth)" in capsys.readouterr().out
    assert raced({**WAITING, 6: 1.5}, WAITING)[0] == 4
    assert raced({0: 1.0, **dict.fromkeys((1, 2, 3), 9.0)}, {0: 2.0})[0] == 0
    assert "cannot tell" not in capsys.readouterr().out


@pytest.mark.parametrize(("known", "guess"), [((), None), ((0,), 2), ((0, 2), 2), ((0, 2, 3), 3)])
def test_too_few_seconds_leave_a_guess(
    raced: Any, known: tuple[int, ...], guess: int | None, capsys: pytest.CaptureFixture[str]
) -> None:
    """The best of the counts that have run, or the first that would have; and it says that this is no answer."""
    assert raced({n: WAITING[n] for n in known}, seconds=7)[0] == guess
    assert "cannot tell: 7 s are too few" in capsys.readouterr().out


@pytest.mark.parametrize("batch", [0.1, 0.3, 1.0, 2.5, 5.0])
@pytest.mark.parametrize("cores", [2, 4, 16])
def test_batches_that_take_seconds_leave_a_good_guess_within_a_minute(
    monkeypatch: pytest.MonkeyPatch, batch: float, cores: int
) -> None:
    """As one of 256 photos does. By a clock that goes on only while batches are made, by as many workers as have a
    core, or while a step runs, for a twentieth of the time. Found on a GPU beside 16 cores, where a race that began
    with one worker had no time for the others.
    """
    now = 0.0

    def batches(loader: Any) -> Iterator[int]:
        nonlocal now
        workers = getattr(loader, "num_workers", 0)
        made = 0.0 if isinstance(loader, repeat) else batch / max(1, min(workers, cores))
        now += batch if workers else 0
        for number in itertools.count():
            now += max(made, batch / 20) if workers else made + batch / 20
            yield number

    class Loader:
        num_workers, prefetch_factor, timeout, _iterator = 0, 2, 0, None

        def __iter__(self) -> Iterator[int]:
            return batches(self)

    with_cores(monkeypatch, cores)
    monkeypatch.setattr(choose.time, "perf_counter", lambda: now)
    monkeypatch.setattr(choose, "repeat", lambda _: batches(repeat(0)))
    count = choose.choose_num_workers(Loader(), lambda _: None)
    assert count is not None and min(count, cores) >= 0.9 * min(20, cores), "what it reaches of the best throughput"
    assert now < 60 + 2 * batch


def test_runs_that_could_not_be_repeated_leave_a_guess(raced: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert raced(WAITING, {0: 4.2})[0] == 4
    assert "cannot tell: 60 s are too few" in capsys.readouterr().out


def test_a_time_out_of_the_reader_s_own_is_no_lack_of_seconds() -> None:
    """Say of a server from which the items come."""

    def fails(_: Any) -> None:
        raise TimeoutError("the server does not answer")

    with pytest.raises(TimeoutError, match="server"):
        choose.choose_num_workers(DataLoader(Numbers(8)), fails)


MOST_WRONG = 0.01
"""Of all answers, this share may lose more than a twentieth and not say that it cannot tell."""


@pytest.mark.parametrize(("noise", "answers"), [(0.03, 0.99), (0.08, 0.5), (0.2, 0.0)])
def test_beside_noise_it_is_right_or_says_that_it_cannot_tell(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], noise: float, answers: float
) -> None:
    """Runs that vary by 3, 8 and 20 % (standard deviation of the logarithm), on loaders that wait, compute, or hand
    over what costs more than it was to make. What it does not prove: how much real runs vary.
    """
    chance = random.Random(20_261_126)
    tries, answered, wrong = 500, 0, 0
    for _ in range(tries):
        true = loader_of_chance(chance)

        def pace(batches: Any, num_workers: int, *_: Any, true: Callable[[int], float] = true) -> float:
            varied = math.exp(chance.gauss(0, noise))
            return varied * (1.0 if isinstance(batches, map) else true(num_workers))

        monkeypatch.setattr(choose, "pace", pace)
        count = choose.choose_num_workers(DataLoader(Numbers(8)), print)
        assert count is not None
        if "cannot tell" not in capsys.readouterr().out:
            answered += 1
            wrong += true(count) > 1.05 * min(true(n) for n in range(33))
    assert answered >= answers * tries
    assert wrong <= MOST_WRONG * tries


def loader_of_chance(chance: random.Random) -> Callable[[int], float]:
    """What a batch and its step of 1 take with so many workers. `load`: what a batch takes one worker, `receive`: what
    receiving it takes the main process.
    """
    load = math.exp(chance.uniform(math.log(0.05), math.log(20)))
    cores = chance.choice((1, 2, 4, 8, 1000))
    receive = chance.choice((0.0, 0.1, load, 3 * load))

    def pace(num_workers: int) -> float:
        if num_workers == 0:
            return load + 1
        return max(1 + receive, (load + receive) / min(num_workers, cores))

    return pace


# The reader's own loaders, real ones.


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
        "stream": (DataLoader(Stream(), 4), batches),
        "an __iter__ of its own": (Moved(numbers, 4), [[1, 2, 3, 4], [5, 6]]),
    }


@pytest.mark.parametrize("name", loaders())
@pytest.mark.parametrize("num_workers", [0, 1])
def test_a_readers_own_loader_is_raced_as_it_is(name: str, num_workers: int) -> None:
    loader, epoch = loaders()[name]
    settings = (loader.num_workers, loader.prefetch_factor, loader.timeout, loader.persistent_workers)
    raced = choose.with_workers(loader, num_workers, 60)
    batches = iter(raced)
    first = next(batches).tolist()
    assert len(multiprocessing.active_children()) == num_workers, "the workers of the race, and no others"
    assert [first, *(batch.tolist() for batch in batches)] == epoch
    assert raced.timeout == num_workers * (loader.timeout or 60), "a worker that hangs is not waited for any longer"
    del batches, raced
    assert (loader.num_workers, loader.prefetch_factor, loader.timeout, loader.persistent_workers) == settings
    assert multiprocessing.active_children() == []


def test_workers_that_a_loader_has_kept_are_not_raced() -> None:
    """They would be as many as they were, whatever the count is."""
    loader = DataLoader(Numbers(6), 4, num_workers=1, persistent_workers=True)
    assert len([*loader]) == 2
    kept = {worker.pid for worker in multiprocessing.active_children()}
    batches = iter(choose.with_workers(loader, 2, 60))
    assert next(batches).tolist() == [0, 1, 2, 3]
    assert len({worker.pid for worker in multiprocessing.active_children()} - kept) == 2
    del batches
    assert {worker.pid for worker in multiprocessing.active_children()} == kept, "they are the reader's, and stay"


def test_the_same_seed_begins_with_the_same_files() -> None:
    """As the page says of a second call, in a new process: whatever the race tries, it reads in the same order."""

    def order() -> list[int]:
        loader = DataLoader(Numbers(64), shuffle=True, generator=torch.Generator().manual_seed(0))
        epochs = [choose.with_workers(loader, count, 60) for count in (0, 1)]
        return [int(batch) for epoch in epochs for batch in epoch]

    assert order() == order()
    assert order() != [*range(64), *range(64)]


@pytest.mark.parametrize("dataset", [Numbers(0), ReadOnce()])
def test_a_loader_without_a_second_epoch_is_refused_in_clear_words(dataset: Dataset) -> None:
    with pytest.raises(ValueError, match="no batch: is it empty, or read only once"):
        choose.choose_num_workers(DataLoader(dataset, 4), lambda batch: None)


@pytest.mark.parametrize(
    "loader",
    [Prepared(DataLoader(Numbers(8), 4)), [[0, 1], [2, 3]], (batch for batch in [0, 1])],
    ids=["prepared", "list", "generator"],
)
def test_what_wraps_a_loader_is_refused_in_clear_words(loader: Any) -> None:
    """Its count of workers would change nothing, and 0 would win."""
    with pytest.raises(TypeError, match="give the DataLoader before it is wrapped or prepared"):
        choose.choose_num_workers(loader, lambda batch: None)


def test_a_step_may_take_its_batch_apart() -> None:
    """As steps do that take the labels out of a dictionary: the batch that is replayed is whole each time."""
    loader = DataLoader([{"photo": 1.0, "label": index} for index in range(64)], 4)  # pyrefly: ignore[bad-argument-type]
    assert choose.choose_num_workers(loader, lambda batch: batch.pop("label"), most=1, seconds=6) in (0, 1)


@pytest.mark.skipif(multiprocessing.get_start_method() != "fork", reason="each epoch would import torch")
def test_fewer_batches_than_are_timed_are_enough(capsys: pytest.CaptureFixture[str]) -> None:
    """An epoch of two batches: each one starts its workers, and pays for that in the race."""
    threads = torch.get_num_threads()
    loader = DataLoader(Numbers(6), 4, collate_fn=padded)
    count = choose.choose_num_workers(loader, lambda batch: None, most=1, seconds=30)
    assert count in (0, 1)
    assert torch.get_num_threads() == threads
    assert "0 workers: " in capsys.readouterr().out


def test_the_limit_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    """A loader that would take minutes ends soon after its limit, in clear words."""
    assert choose.choose_num_workers(DataLoader(Numbers(9)), lambda batch: time.sleep(0.1), seconds=1) is None
    assert "cannot tell: 1 s are too few" in capsys.readouterr().out


def test_the_pages_example_where_workers_are_not_forked(python: Preloaded | None, workplace: Path) -> None:
    """Photos, a network and a step. Fewer photos make a batch, so that a busy machine has its costs in time; what is
    found in less time may be a guess.
    """
    whole, script = code_of("choose_num_workers/choose"), workplace / "choose.py"
    assert whole.count("batch_size=16") == whole.count("seconds=20") == 1
    script.write_text(whole.replace("batch_size=16", "batch_size=2").replace("seconds=20", "seconds=8"), "utf-8")
    outcome = run_in_fork(python, UNDER, PICKLING, script, cwd=workplace)
    as_it_should(outcome, SHOWN["choose_num_workers/choose"] + r"\n")
    counts = [int(count) for count in (workplace / "workers").read_text().split()]
    assert set(counts[:3]) == {0}, "the model's first batch, the costs, the race"
