"""One pass: all arms in each round, in an order that is shuffled and always the same."""

import io
import math
import multiprocessing
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from snippets.lab.instruments.experiment import AGAIN, Arm, Experiment, Sample
from snippets.lab.machine import capacity
from snippets.lab.measuring import one_pass
from snippets.lab.measuring.one_pass import _measure, run_pass

NAMES = ("one", "two", "three")

ASKED: dict[str, Any] = {"question": "?", "unit": "s", "better": "lower", "headline": "total"}


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capacity, "SPIN_SECONDS", 0.001)


class Recorder:
    """Arms that note when they ran; the n-th run of an arm takes `totals[n]` s."""

    def __init__(self, totals: tuple[float, ...] = (1.0,), traced: bool = False) -> None:
        self.totals, self.traced = totals, traced
        self.ran: list[str] = []
        self.told: list[dict[str, Any]] = []
        self.open = False

    def arm(self, name: str) -> Sample:
        assert self.open, "an arm ran outside its preparation"
        number = self.ran.count(name)
        self.ran.append(name)
        span = {"lane": "main", "role": "step", "start": 0.0, "end": float(number), "batch": 0}
        return Sample({"total": self.totals[number % len(self.totals)]}, [span] if self.traced else None)

    @contextmanager
    def arms(self) -> Iterator[Mapping[str, Arm]]:
        self.open = True
        yield {name: partial(self.arm, name) for name in NAMES}
        self.open = False

    def run(self, number: int = 0, **options: Any) -> list[dict[str, Any]]:
        described: dict[str, Any] = {**ASKED, "arms": self.arms, "again": "two", **options}
        experiment = Experiment(**described)
        run_pass(experiment, number, self.told.append)
        assert not self.open
        return self.told


def of(told: list[dict[str, Any]], event: str) -> list[dict[str, Any]]:
    return [one for one in told if one["event"] == event]


def order(told: list[dict[str, Any]]) -> list[list[str]]:
    samples = of(told, "sample")
    rounds = max(sample["round"] for sample in samples) + 1
    return [[sample["arm"] for sample in samples if sample["round"] == number] for number in range(rounds)]


def test_every_round_has_every_arm_once_and_rounds_are_interleaved() -> None:
    told = Recorder().run(rounds=4)
    assert [sample["round"] for sample in of(told, "sample")] == [number for number in range(4) for _ in range(4)]
    for arms in order(told):
        assert sorted(arms) == sorted([*NAMES, "two" + AGAIN])
    (around,) = of(told, "surroundings")
    assert len(around["capacity"]) == 4 and min(around["capacity"]) > 0, "it is probed in each"
    assert set(around) == {"event", "capacity", "steal", "throttled"}


def played(monkeypatch: pytest.MonkeyPatch, form: str, line: str, **options: Any) -> Recorder:
    """One pass of an experiment, whose parent says one `line`."""
    recorder = Recorder()
    experiment = Experiment(**ASKED, arms=recorder.arms, **options)
    monkeypatch.setitem(sys.modules, "one_question", SimpleNamespace(EXPERIMENT=experiment))
    monkeypatch.setattr(sys, "stdin", io.StringIO(line))
    _measure("one_question", 0, form, recorder.told.append)
    return recorder


@pytest.mark.parametrize(("form", "rounds", "taken"), [("full", None, 7), ("short", None, 5), ("short", 2, 2)])
def test_the_short_form_takes_at_most_five_rounds_and_the_full_one_seven_unless_said_otherwise(
    monkeypatch: pytest.MonkeyPatch, form: str, rounds: int | None, taken: int
) -> None:
    told = played(monkeypatch, form, "go\n", **({"rounds": rounds} if rounds else {})).told
    assert of(told, "experiment")[0]["about"]["rounds"] == len(order(told)) == taken
    assert [told[0]["event"], told[-1]["event"]] == ["experiment", "done"]


@pytest.mark.parametrize("any_start", [False, True])
def test_how_workers_start_is_said_and_costs_least_where_it_is_the_same(
    any_start: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(one_pass, "start_cheaply", asked.append)
    told = played(monkeypatch, "short", "", any_start=any_start).told
    assert asked == ["one_question"] * any_start
    assert told[0]["start_method"] == multiprocessing.get_start_method()


def test_nothing_is_measured_where_the_parent_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [event["event"] for event in played(monkeypatch, "full", "").told] == ["experiment"]


def test_the_order_is_shuffled_and_the_same_each_time() -> None:
    first = order(Recorder().run())
    assert first == order(Recorder().run())
    assert len({tuple(arms) for arms in first}) > 1
    assert first != order(Recorder().run(number=1))


@pytest.mark.parametrize(("again", "warmup"), [("two", 1), ("two", 0), (None, 2)])
def test_warm_ups_run_first_and_are_not_recorded(again: str | None, warmup: int) -> None:
    """How many runs there will be is told before. The second run of an arm has a name of its own, and no warm-up."""
    recorder = Recorder(totals=(*[9.0] * warmup, *[1.0] * 20))
    told = recorder.run(warmup=warmup, again=again)
    names = [*NAMES, *([again + AGAIN] if again else [])]
    runs = warmup * len(NAMES) + 7 * len(names)
    warmed = [{"event": "warm", "arm": name} for name in NAMES] * warmup
    assert told[: 1 + len(warmed)] == [{"event": "arms", "runs": runs}, *warmed]
    assert recorder.ran[: len(warmed)] == [*NAMES] * warmup and len(recorder.ran) == runs
    samples = told[1 + len(warmed) : -1]
    assert [one["event"] for one in told[1 + len(warmed) :]] == [*["sample"] * 7 * len(names), "surroundings"]
    assert sorted(sample["arm"] for sample in samples) == sorted(names * 7)
    assert {sample["values"]["total"] for sample in samples} == {1.0}
    assert recorder.ran.count("two") == warmup + (14 if again else 7)


@pytest.mark.parametrize(("totals", "median_at"), [((5.0, 1.0, 3.0), 2), ((1.0, 4.0, 2.0, 3.0), 2), ((2.0, 2.0), 0)])
def test_the_trace_is_that_of_the_median_round(totals: tuple[float, ...], median_at: int) -> None:
    told = Recorder(totals, traced=True).run(warmup=0, rounds=len(totals), again="two")
    traces = of(told, "trace")
    assert [trace["arm"] for trace in traces] == [*NAMES], "and none of the second run of an arm"
    assert traces[0]["spans"][0]["end"] == median_at


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 0.0, -1.0])
def test_a_total_that_no_clock_can_have_measured(value: float) -> None:
    recorder = Recorder(totals=(1.0, 1.0, value))
    with pytest.raises(ValueError, match="total is .*, which no clock can have measured"):
        recorder.run(warmup=0)
    assert all(sample["values"]["total"] == 1.0 for sample in of(recorder.told, "sample"))


def run_one(arm: Arm) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    run_pass(Experiment(**ASKED, arms={"arm": arm}), 0, told.append)
    return told


def test_other_values_may_be_zero_but_are_numbers() -> None:
    samples = of(run_one(lambda: Sample({"total": 1, "waited": -0.0})), "sample")
    assert str([sample["values"] for sample in samples]) == str([{"total": 1.0, "waited": 0.0}] * 7)
    with pytest.raises(ValueError, match="arm: waited is nan"):
        run_one(lambda: Sample({"total": 1, "waited": math.nan}))
    words: Any = "fast"
    with pytest.raises(ValueError, match="could not convert string to float: 'fast'"):
        run_one(lambda: Sample({"total": words}))


def test_an_arm_that_raises_ends_the_pass() -> None:
    def broken() -> Sample:
        raise LookupError("no sprite")

    with pytest.raises(LookupError, match="no sprite"):
        run_one(broken)
