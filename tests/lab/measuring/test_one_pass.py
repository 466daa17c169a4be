"""One pass: all arms in each round, in an order that is shuffled and always the same."""

import io
import math
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from snippets.lab.instruments.experiment import AGAIN, Arm, Experiment, Sample
from snippets.lab.measuring.one_pass import _measure, run_pass

NAMES = ("one", "two", "three")

ASKED: dict[str, Any] = {"question": "?", "unit": "s", "better": "lower", "headline": "total"}


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
        experiment = Experiment(**ASKED, **{"arms": self.arms, "again": "two", **options})
        run_pass(experiment, number, self.told.append)
        assert not self.open
        return self.told


def of(told: list[dict[str, Any]], event: str) -> list[dict[str, Any]]:
    return [one for one in told if one["event"] == event]


def order(told: list[dict[str, Any]]) -> list[list[str]]:
    samples = of(told, "sample")
    rounds = max(sample["round"] for sample in samples) + 1
    return [[sample["arm"] for sample in samples if sample["round"] == number] for number in range(rounds)]


def test_every_round_has_every_arm_once() -> None:
    for arms in order(Recorder().run()):
        assert sorted(arms) == sorted([*NAMES, "two" + AGAIN])


def test_seven_rounds_unless_said_otherwise() -> None:
    assert len(order(Recorder().run())) == 7
    assert len(order(Recorder().run(rounds=2))) == 2


@pytest.mark.parametrize(("form", "rounds", "taken"), [("full", 7, 7), ("short", 7, 5), ("short", 2, 2)])
def test_the_short_form_takes_at_most_five_rounds(
    monkeypatch: pytest.MonkeyPatch, form: str, rounds: int, taken: int
) -> None:
    recorder = Recorder()
    experiment = Experiment(**ASKED, arms=recorder.arms, rounds=rounds)
    monkeypatch.setitem(sys.modules, "one_question", SimpleNamespace(EXPERIMENT=experiment))
    monkeypatch.setattr(sys, "stdin", io.StringIO("go\n"))
    _measure("one_question", 0, form, recorder.told.append)
    assert of(recorder.told, "experiment")[0]["about"]["rounds"] == len(order(recorder.told)) == taken


def test_the_order_is_shuffled_and_the_same_each_time() -> None:
    first = order(Recorder().run())
    assert first == order(Recorder().run())
    assert len({tuple(arms) for arms in first}) > 1
    assert first != order(Recorder().run(number=1))


def test_rounds_are_interleaved() -> None:
    samples = of(Recorder().run(), "sample")
    assert [sample["round"] for sample in samples] == sorted(sample["round"] for sample in samples)


@pytest.mark.parametrize("warmup", [0, 1, 2])
def test_warm_ups_run_first_and_are_not_recorded(warmup: int) -> None:
    recorder = Recorder(totals=(*[9.0] * warmup, *[1.0] * 20))
    told = recorder.run(warmup=warmup, again=None)
    assert [one["arm"] for one in of(told, "warm")] == [*NAMES] * warmup
    assert recorder.ran[: warmup * len(NAMES)] == [*NAMES] * warmup
    assert {sample["values"]["total"] for sample in of(told, "sample")} == {1.0}
    assert [one["event"] for one in told] == ["arms", *["warm"] * warmup * 3, *["sample"] * 21, "surroundings"]


def test_the_capacity_is_probed_in_every_round() -> None:
    (around,) = of(Recorder().run(rounds=4), "surroundings")
    assert len(around["capacity"]) == 4 and min(around["capacity"]) > 0
    assert set(around) == {"event", "capacity", "steal", "throttled"}


def test_the_second_run_of_an_arm_has_a_name_of_its_own() -> None:
    recorder = Recorder()
    told = recorder.run(warmup=0)
    assert recorder.ran.count("two") == 14
    assert [sample["arm"] for sample in of(told, "sample")].count("two" + AGAIN) == 7


def test_without_a_second_run_there_is_none() -> None:
    assert {sample["arm"] for sample in of(Recorder().run(again=None), "sample")} == {*NAMES}


@pytest.mark.parametrize(("again", "warmup"), [("two", 1), ("two", 0), (None, 2)])
def test_how_many_runs_there_will_be_is_told_first(again: str | None, warmup: int) -> None:
    told = Recorder().run(again=again, warmup=warmup)
    assert told[0] == {"event": "arms", "runs": len(of(told, "warm")) + len(of(told, "sample"))}


@pytest.mark.parametrize(("totals", "median_at"), [((5.0, 1.0, 3.0), 2), ((1.0, 4.0, 2.0, 3.0), 2), ((2.0, 2.0), 0)])
def test_the_trace_is_that_of_the_median_round(totals: tuple[float, ...], median_at: int) -> None:
    told = Recorder(totals, traced=True).run(warmup=0, rounds=len(totals), again="two")
    traces = of(told, "trace")
    assert [trace["arm"] for trace in traces] == [*NAMES], "and none of the second run of an arm"
    assert traces[0]["spans"][0]["end"] == median_at


def test_without_traces_none_is_told() -> None:
    assert not of(Recorder().run(), "trace")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 0.0, -1.0])
def test_a_total_that_no_clock_can_have_measured(value: float) -> None:
    recorder = Recorder(totals=(1.0, 1.0, value))
    with pytest.raises(ValueError, match="total is .*, which no clock can have measured"):
        recorder.run(warmup=0)
    assert all(sample["values"]["total"] == 1.0 for sample in of(recorder.told, "sample"))


def test_other_values_may_be_zero_and_not_infinite() -> None:
    def run(value: float) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = []
        arms = {"arm": lambda: Sample({"total": 1, "waited": value})}
        run_pass(Experiment(**ASKED, arms=arms), 0, told.append)
        return of(told, "sample")

    assert [sample["values"] for sample in run(0)] == [{"total": 1.0, "waited": 0.0}] * 7
    with pytest.raises(ValueError, match="arm: waited is nan"):
        run(math.nan)


def test_an_arm_that_raises_ends_the_pass() -> None:
    def broken() -> Sample:
        raise LookupError("no sprite")

    told: list[dict[str, Any]] = []
    with pytest.raises(LookupError, match="no sprite"):
        run_pass(Experiment(**ASKED, arms={"a": broken}), 0, told.append)
    assert [one["event"] for one in told] == ["arms"]
