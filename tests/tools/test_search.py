"""What the tuner lets race, how it takes turns, and what it says of it, without workers."""

from __future__ import annotations

import copy
import math
import re
import time
from collections.abc import Iterator
from enum import Enum
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch.utils.data import DataLoader

from snippets.lab.paths import DOCS
from snippets.tools import tune_num_workers as tuner

from . import readers_own


class Kind(Enum):
    CAT = 1


CLOCKS = tuner.Clocks(0.04, 0.001, 0.0, 0.001, 1.0, 0.02, 20_000_000, 1, alone=0.04, step=0.01, step_compute=0.0)


@pytest.fixture
def search(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuner.Search]:
    """Of a loader whose batches have 20 MB, and whose workers take 100 MB each."""
    for name in ("RANK", "WORLD_SIZE", "LOCAL_WORLD_SIZE"):
        monkeypatch.delenv(name, raising=False)
    found = tuner.Search(readers_own.quick, None, 60, None, 64)
    found.clocks, found.cores, found.ram, found.shm = CLOCKS, 2.0, 64e9, math.inf
    found.memory = {1: (100e6, 50e6)}
    yield found
    found.close(hurry=False)


def test_what_does_not_fit_into_memory_does_not_race(search: tuner.Search) -> None:
    """Neither the workers' own, nor the batches that wait."""
    search.ram = 1.4e9
    assert [count for count in (4, 8, 10, 16) if search.may_join(count)] == [4, 8]
    search.race.running = [4]
    assert [count for count in (2, 5) if search.may_join(count)] == [2], "the loaders stay there side by side"
    assert search.result("").notes[0] == "num_workers=5, 10, 16 did not race: too little memory"


def test_where_no_worker_fits_into_memory_none_is_not_certain(search: tuner.Search) -> None:
    search.ram, search.guess, search.wanted = 0.1e9, 4, 4
    search.line_up((4, 0, 3, 1))
    search.race.rounds, search.tracks[0] = [{0: 0.05}], tuner.Track(readers_own.quick(0), 0)
    found = search.result("")
    assert (found.num_workers, found.certain) == (0, False)
    assert found.why == "num_workers=4 may be better, and there is too little memory for it"


def test_in_a_container_s_64_mb_of_shared_memory_no_worker_may_race(search: tuner.Search) -> None:
    """The two batches of its queue, one in the making and one at the step are 80 MB."""
    search.shm = 64e6
    assert search.may_join(0) and not search.may_join(1)
    search.shm = 100e6
    assert search.may_join(1) and not search.may_join(2)
    search.race.running, search.race.rounds, search.race.refused = [0], [{0: 0.05}], {1, 2}
    search.tracks[0] = tuner.Track(readers_own.quick(0), 0)
    search.clocks = tuner.replace(CLOCKS, alone=0.0)  # no step was timed, so no time is told that would do
    assert tuner.report(search.result("")).startswith("num_workers=0 is certain: no other count could race.")
    search.clocks, search.notes, search.wanted = CLOCKS, [], 4
    report = tuner.report(search.result(""))
    assert report.startswith("Cannot tell: num_workers=4 may be better, and /dev/shm has no room for its\nbatches.")
    assert "no worker that raced was faster" in report
    assert "  note      num_workers=1, 2 did not race: too little /dev/shm" in report


def test_what_takes_too_long_to_start_does_not_race(search: tuner.Search) -> None:
    search.clocks = tuner.replace(CLOCKS, start=5.0)
    assert search.may_join(4) and not search.may_join(16)


def test_where_a_round_of_all_does_not_fit_the_first_ones_race(search: tuner.Search) -> None:
    """One worker takes 1.3 s for a batch, as for some hundred photos: a round of five counts would take over a minute.
    The report says how long all of them would need.
    """
    search.clocks = tuner.replace(CLOCKS, batch=1.3, alone=1.3, step=0.05, start=0.4)
    search.line_up((25, 0, 24, 26, 27))
    assert search.race.running == [25, 0, 24, 26] and search.race.refused == search.lacks["time"] == {27}
    told = search.result("").notes
    assert told[0] == "num_workers=27 did not race: too little time"
    assert re.fullmatch(r"\d+ s would do, for 8 rounds of all these counts", told[1])
    search.ranks.deadline += 600
    search.line_up((25, 0, 24, 26, 27))
    assert search.race.running == [25, 0, 24, 26, 27]


def test_a_change_of_loader_is_waited_for(search: tuner.Search) -> None:
    """Until its own queues are as full as they will be, and the other loader's workers rest."""
    assert search.plan(4, 0)[0] == 3 * 4
    dropped, timed = search.plan(0, 0)
    assert dropped == 0 and timed == math.ceil(0.3 / 0.05)
    assert search.plan(0, 4)[0] == math.ceil(2 * 2 * 0.04 / 0.05)
    assert search.plan(4, 8)[0] == 2 * 4 + math.ceil(2 * 2 * 0.04 / 0.011), "those that lay ready, and the rest"
    assert search.plan(8, 4)[1] % 8 == 0, "whole turns"


def test_loaders_take_their_indices_from_one_sequence() -> None:
    shared = tuner.Shared([[0, 1], [2, 3], [4, 5]])
    one, other = iter(shared), iter(shared)
    assert [next(one), next(other), next(other), next(one), next(other)] == [[0, 1], [2, 3], [4, 5], [0, 1], [2, 3]]


def test_an_endless_loader_is_as_the_reader_made_it() -> None:
    own = DataLoader(
        readers_own.Waits(0, 6), 4, collate_fn=len, num_workers=2, prefetch_factor=3, timeout=9, in_order=False
    )
    made = tuner.endless(own, tuner.Shared(own.batch_sampler))
    for name in ("dataset", "collate_fn", "num_workers", "prefetch_factor", "timeout", "in_order", "pin_memory"):
        assert getattr(made, name) == getattr(own, name), name
    alone = DataLoader(readers_own.Waits(0, 2), batch_size=None)
    items = iter(tuner.endless(alone, tuner.Shared(alone.sampler)))
    assert [float(next(items)[0]) for _ in range(3)] == [0, 1, 0]


def test_bytes_and_tensors_of_a_batch() -> None:
    photo, kind = torch.zeros(2, 3), torch.zeros(2, dtype=torch.int64)
    assert tuner.size_of({"photo": photo, "more": [kind, ("name", 7)]}) == (24 + 16, 2)
    assert tuner.same([photo, {"a": 1}], [photo.clone(), {"a": 1}])
    assert not tuner.same([photo, {"a": 1}], [photo + 1, {"a": 1}])
    assert not tuner.same([photo, [0, 0]], [photo, [0, 1]]), "two labels that are one object are not compared once"
    assert tuner.same(photo.numpy(), photo.numpy()) and not tuner.same(photo.numpy(), kind.numpy())
    assert tuner.size_of([photo.numpy(), photo.numpy()]) == (48, 2)


def test_a_batch_may_hold_what_leads_back_to_it() -> None:
    """As a member of an Enum does by its class, and a node by its parent."""
    node = SimpleNamespace(kind=Kind.CAT, photo=torch.zeros(2))
    node.children = [SimpleNamespace(parent=node, photo=torch.ones(3))]
    assert tuner.size_of(node) == (4 * 5, 2)
    assert tuner.same(node, node) and tuner.same(copy.deepcopy(node), node)
    other = copy.deepcopy(node)
    other.children[0].photo += 1
    assert not tuner.same(node, other)


def test_a_sampler_that_does_not_know_its_length_is_raced() -> None:
    class Order:
        def __iter__(self) -> Iterator[list[int]]:
            return iter([[0, 1]])

    loader = DataLoader(readers_own.Waits(), batch_sampler=Order())
    with pytest.raises(TypeError):
        len(loader)
    tuner.check(loader, 0)
    with pytest.raises(tuner.TuneError, match="an epoch of 3 batches is too short to race"):
        tuner.check(readers_own.of_three(0), 0)


@pytest.mark.parametrize(
    ("count", "changed", "binds"),
    [
        (4, {}, "the step, 10 ms; a faster one would help"),
        (2, {}, "the workers, 40 ms for a batch, of which 1 ms computing"),
        (4, {"compute": 0.03}, "the cores, 31 ms of CPU for a batch and step; cheaper items would help"),
        (4, {"receive": 0.02, "tensors": 240}, "fewer and larger tensors than 240 would help"),
        (0, {"alone": 0.0005}, "the step, 10 ms: loading is a small part of it"),
        (0, {"alone": 0.01, "send": 0.02}, "handing over, 20 ms to send a batch and 1 ms to receive it"),
    ],
)
def test_what_binds(count: int, changed: dict[str, Any], binds: str) -> None:
    assert binds in tuner.binding(count, tuner.replace(CLOCKS, **changed), 2.0)


def test_no_part_of_a_loop_takes_longer_than_the_whole(search: tuner.Search) -> None:
    """Steps that were timed cold, beside others: the fastest loop of the race took 44 ms for a batch and step."""
    search.clocks = tuner.replace(CLOCKS, alone=0.2, step=0.069, step_compute=0.069)
    search.race.running, search.race.rounds = [0, 2], [{0: 0.128, 2: 0.044}]
    search.tracks = {count: tuner.Track(readers_own.quick(0), 0) for count in (0, 2)}
    tuned = search.result("")
    assert tuned.binds == "the step, 43 ms; a faster one would help"
    assert (tuned.clocks.step, tuned.clocks.step_compute, tuned.clocks.alone) == pytest.approx((0.043, 0.043, 0.128))
    assert ";s=0.043;d=0.043;" in tuner.link(tuned)
    search.race.rounds = [{0: 0.3, 2: 0.1}]
    assert search.result("").clocks == search.clocks, "a race that contradicts nothing changes nothing"


@pytest.mark.parametrize(("started", "kept"), [(3.1, False), (8.0, True)])
def test_workers_are_kept_for_what_starting_them_takes(search: tuner.Search, started: float, kept: bool) -> None:
    """Not for the first batch, which takes a worker 2.5 s, kept or not. An epoch takes half a minute."""
    search.clocks, search.cores, search.epoch = tuner.replace(CLOCKS, batch=2.5, alone=2.5), 16.0, 196
    search.race.running, search.race.rounds = [0, 16], [{0: 2.6, 16: 0.16}]
    search.tracks = {count: tuner.Track(readers_own.quick(0), 0) for count in (0, 16)}
    search.tracks[16].started = started
    assert ("persistent_workers=True" in search.result("").arguments) == kept


class Clock:
    """Stands for the module `time`; seconds pass when somebody says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def perf_counter(self) -> float:
        return self.now

    process_time = thread_time = perf_counter

    def passes(self, seconds: float) -> None:
        self.now += seconds


class Made:
    """A track whose batches take so many seconds."""

    batches, epochs = (), 0

    def __init__(self, clock: Clock, seconds: float) -> None:
        self.clock, self.seconds = clock, seconds

    def next(self) -> None:
        self.clock.passes(self.seconds)

    start = next


@pytest.mark.parametrize(("seconds", "slow"), [(12, 0.03), (60, 0.03), (60, 5.0)])
def test_steps_are_timed_when_they_are_warm(
    search: tuner.Search, monkeypatch: pytest.MonkeyPatch, seconds: float, slow: float
) -> None:
    """The first three are cold. Where batches take seconds, only those steps are not that came after few of them."""
    clock, cold = Clock(), iter([0.07] * 3)
    search.step, search.seconds, search.made = lambda _: clock.passes(next(cold, 0.02)), seconds, [None] * 19
    monkeypatch.setattr(tuner, "time", clock)
    monkeypatch.setattr(search, "track", lambda _: Made(clock, slow))
    clocks = search.look_at_step(CLOCKS)
    assert (clocks.alone, clocks.step, clocks.step_compute) == pytest.approx((slow, 0.02, 0.02))
    assert clock.now < seconds / 3


def test_a_step_is_timed_as_beside_enough_workers(search: tuner.Search, monkeypatch: pytest.MonkeyPatch) -> None:
    """A GPU slows down while it waits for its batches. On an H200 the tuner took 12 workers for enough, as it would
    where a step takes 20 ms after each wait; on batches that were there, such steps took 8 ms.
    """
    clock, ended = Clock(), 0.0

    def step(_: Any) -> None:
        nonlocal ended
        clock.passes(0.02 if clock.now - ended > 0.1 else 0.008)
        ended = clock.now

    search.step, search.made, search.cores = step, [None] * 19, 16
    monkeypatch.setattr(tuner, "time", clock)
    monkeypatch.setattr(search, "track", lambda _: Made(clock, 0.24))
    clocks = search.look_at_step(tuner.replace(CLOCKS, batch=0.24, compute=0.24))
    assert tuner.enough(tuner.replace(clocks, step=0.02), 16, 64) == 12
    assert clocks.step == pytest.approx(0.008) and tuner.enough(clocks, 16, 64) == 16
    assert not search.made, "their memory is needed for the race"


@pytest.mark.parametrize(("fitting", "kept"), [(5, 5), (0, 2)])
def test_of_the_batches_that_a_worker_has_made_only_those_are_kept_that_fit(
    search: tuner.Search, fitting: int, kept: int
) -> None:
    """Two at least, for which any loader with a worker needs room."""
    search.tracks[1] = track = tuner.Track(tuner.endless(readers_own.quick(1), None), time.perf_counter() + 60)
    search.shm = fitting / tuner.KEPT * 4 * 8 * torch.float32.itemsize
    search.look(track)
    assert len(search.made) == kept


class Ranks(tuner.Ranks):
    """Four of one machine, without processes. Each of the others takes three times as long as this one."""

    def __init__(self, deadline: float) -> None:
        self.rank, self.count, self.local, self.deadline, self.begun = 0, 4, 4, deadline, False

    def all(self, value: Any) -> list[Any]:
        return [value, *[3 * value if isinstance(value, float) else value] * 3]


def test_ranks_share_the_machine_and_the_slowest_one_counts(
    search: tuner.Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuner, "Ranks", Ranks)
    monkeypatch.setattr(tuner, "usable_cores", lambda ranks: 8 / ranks)
    monkeypatch.setattr(tuner, "free_memory", lambda: 64e9)
    monkeypatch.setattr(tuner, "free_shared_memory", lambda: 1e9)
    found = tuner.Search(readers_own.quick, None, 60, None, 64)
    assert (found.cores, found.ram, found.shm) == (2, 16e9, 0.25e9)
    clock = Clock()
    monkeypatch.setattr(tuner, "time", clock)
    found.clocks, found.tracks = CLOCKS, {0: Made(clock, 0.05)}  # pyrefly: ignore[bad-assignment]
    assert found.measure(0) == found.known[0] == pytest.approx(0.15)


def test_a_report_fits_a_terminal(search: tuner.Search) -> None:
    """Also with long numbers."""
    search.race = tuner.Race([0, 47, 48], 48)
    search.race.rounds = [{0: 12.3456, 47: 1.23456 + number / 99, 48: 1.2} for number in range(9)]
    search.tracks = {count: tuner.Track(readers_own.quick(0), 0) for count in (0, 47, 48)}
    search.memory = {count: (123_456_789_012.0, 98_765_432_109.0) for count in (47, 48)}
    search.lacks = {"memory": {*range(49, 64)}}
    search.epoch = 1_234_567
    report = tuner.report(search.result(""))
    assert "Too noisy to tell" in report or "is certain" in report
    assert "  >    48" in report and "DataLoader(..., num_workers=48)" in report
    assert max(map(len, report.splitlines()[:-1])) <= 80, report


def test_a_link_to_the_simulator_holds_the_numbers(search: tuner.Search) -> None:
    search.race = tuner.Race([4], 4)
    search.race.rounds, search.tracks = [{4: 0.0123}], {4: tuner.Track(readers_own.quick(0), 0)}
    search.clocks, search.epoch = tuner.replace(CLOCKS, compute=0.03, send=0.002, step_compute=0.004), 1000
    page, _, numbers = tuner.link(search.result("")).partition("#")
    assert (DOCS / f"{page.strip('/')}.md").exists()
    assert numbers == "1;w=4;p=2;n=2;b=0.04;c=0.03;k=20;x=1;h=0.002;r=0.001;s=0.01;d=0.004;e=0.02;m=2e+07;l=200"
    assert tuner.report(search.result("")).endswith(f"#{numbers}")


def test_no_workers_as_the_answer_have_a_link_and_no_answer_has_none(search: tuner.Search) -> None:
    """Before a step was timed, a link would say of a loader that it takes no time."""
    search.race = tuner.Race([0], 4)
    search.race.rounds, search.tracks = [{0: 0.05}], {0: tuner.Track(readers_own.quick(0), 0)}
    assert tuner.link(search.result("")).startswith("explanation/simulator/#1;w=0;p=2;n=2;b=0.04;c=0.001;")
    search.race, search.clocks = tuner.Race([], 4), tuner.replace(CLOCKS, alone=0.0, step=0.0)
    nothing = search.result("interrupted")
    assert nothing.num_workers is None and tuner.link(nothing) == ""
    assert "Try it" not in tuner.report(nothing)


def test_in_that_link_slow_batches_leave_the_mean_as_it_was(search: tuner.Search) -> None:
    search.race = tuner.Race([4], 4)
    search.race.rounds, search.tracks = [{4: 0.0123}], {4: tuner.Track(readers_own.quick(0), 0)}
    search.clocks = tuner.replace(CLOCKS, spread=11.0)
    numbers = dict(pair.split("=") for pair in tuner.link(search.result("")).split(";")[1:])
    usual, slow = float(numbers["b"]), float(numbers["b"]) * float(numbers["x"])
    assert numbers["k"] == "20" and (19 * usual + slow) / 20 == pytest.approx(CLOCKS.batch, rel=0.01)
    search.clocks = tuner.replace(CLOCKS, spread=4000.0)
    assert ";x=1e+03;" in tuner.link(search.result("")), "more than the simulator takes"
