"""Loops with one fault each: what they are made of, which a day has, and what is claimed and said of the verdicts.

What it does not prove: that the doctor's verdicts are right. Each build measures and judges them.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from snippets.experiments.doctor import arms, loops, measure, short, show
from snippets.experiments.doctor.claims import CLAIMS
from snippets.experiments.doctor.loops import LOOPS
from snippets.lab.figures.figure import Bars
from snippets.lab.judging.claim import NotHere
from snippets.lab.results.results import Measured
from snippets.tools.loader_doctor import THEN, Verdict

from .dry_run import sleeps
from .results import plain, plain_values, result, statistics

DAY = date(2026, 11, 26)
linux = pytest.mark.skipif(sys.platform != "linux", reason="cores are set aside, and neighbours forked")


def test_each_loop_is_faulty_or_healthy_and_each_verdict_one_of_the_doctor_s() -> None:
    assert {*LOOPS} == {*arms.RIGHT, *arms.HEALTHY} and not {*arms.RIGHT} & {*arms.HEALTHY}
    assert len(arms.RIGHT) == 14 and len(arms.HEALTHY) >= 6
    assert {*arms.VERDICTS} == {*THEN} - {"MORE", "WORKERS", "CHEAPER", "UNKNOWN"} | {"STARVED", "BURSTS"}
    assert {each for names in arms.RIGHT.values() for each in names} < {*arms.VERDICTS}


def batch_seconds(loop: str, batches: int = 200) -> list[float]:
    """What the items of each batch wait, after the first."""
    items = LOOPS[loop].make().dataset
    assert isinstance(items, loops.Items)
    items.first = 0.0
    return sleeps(lambda: [items.cost(batch) for batch in range(batches)])


@pytest.mark.parametrize(("loop", "slow"), [(arms.SLOW_ITEM, [50]), (arms.SLOW_PLACE, [*range(1, 100, 4)])])
def test_what_is_slow_is_what_the_name_says(loop: str, slow: list[int]) -> None:
    seconds = batch_seconds(loop, 100)
    assert [batch for batch, each in enumerate(seconds) if each > 10 * min(seconds)] == slow
    assert LOOPS[loop].make().num_workers in (2, 4)


def test_the_long_tail_would_be_fed_without_it() -> None:
    """Its four workers are quick enough for the step, and a few batches are not."""
    seconds = batch_seconds(arms.LONG_TAIL, 120)
    (step,) = sleeps(lambda: LOOPS[arms.LONG_TAIL].step(None))
    assert sum(seconds) / len(seconds) / 4 < step < max(seconds) / 10


@pytest.mark.parametrize("loop", [arms.FED, arms.LONG_STEP, arms.JITTER, arms.KEPT, arms.FED_BESIDE])
def test_a_healthy_loop_has_workers_enough(loop: str) -> None:
    seconds, made = batch_seconds(loop), LOOPS[loop].make()
    (step,) = sleeps(lambda: LOOPS[loop].step(None))
    assert sum(seconds) / len(seconds) / made.num_workers < 0.7 * step


@pytest.mark.parametrize("loop", [arms.ONE_WORKER_WAITS, arms.IN_STEP, arms.UNEVEN_READS])
def test_a_starved_loop_has_not(loop: str) -> None:
    seconds, made = batch_seconds(loop), LOOPS[loop].make()
    (step,) = sleeps(lambda: LOOPS[loop].step(None))
    assert sum(seconds) / len(seconds) / made.num_workers > 2 * step


def test_computing_is_counted_in_cpu_time() -> None:
    began = time.thread_time()
    loops.compute(0.002)
    assert time.thread_time() - began >= 0.002


def test_kept_workers_start_slowly_once_and_others_in_each_epoch() -> None:
    kept, new = LOOPS[arms.KEPT], LOOPS[arms.SLOW_START]
    assert kept.make().persistent_workers and not new.make().persistent_workers
    assert kept.epochs > 1 and new.epochs > 1
    items: Any = kept.make().dataset
    first = sleeps(lambda: items.__getitems__([0]))
    assert first[0] == 0.4, "an item's own wait comes after"


def test_a_batch_of_many_tensors_has_them() -> None:
    dataset: Any = LOOPS[arms.MANY_TENSORS].make().dataset
    assert len(dataset.__getitems__([0])[0]) == 30


@linux
def test_neighbours_and_cores_are_given_back() -> None:
    assert hasattr(os, "sched_getaffinity")
    before, children = os.sched_getaffinity(0), {*multiprocessing.active_children()}
    with loops.on_two_cores(), loops.neighbours() as root:
        assert len(os.sched_getaffinity(0)) == min(arms.CORES, len(before)) and root == Path("/")
        assert len({*multiprocessing.active_children()} - children) == arms.CORES
    assert os.sched_getaffinity(0) == before and {*multiprocessing.active_children()} == children


@linux
def test_the_made_up_quota_is_used_up_in_every_second_period() -> None:
    with loops.used_up_quota() as root:
        assert (root / "proc/self").resolve() == Path(f"/proc/{os.getpid()}")
        stat, deadline = root / "sys/fs/cgroup/cpu/cpu.stat", time.monotonic() + 30
        while not (stat.exists() and "nr_throttled 1" in stat.read_text()) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert "nr_periods" in stat.read_text() and (root / "sys/fs/cgroup/cpu.stat").exists()
    assert not root.exists()


def test_an_arm_gives_the_place_of_the_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform != "linux":
        pytest.skip("cores are set aside")
    monkeypatch.setattr(measure, "watched", lambda loop: Verdict("BURSTS"))
    with measure.EXPERIMENT.prepared() as runs:
        values = runs[arms.IN_STEP]().values
    assert arms.VERDICTS[int(values["verdict"])] == "BURSTS" and values["total"] > 0


def test_each_fault_has_its_turn_before_one_is_drawn_again() -> None:
    start = next(day for day in (DAY + timedelta(n) for n in range(7)) if day.toordinal() % 7 == 0)
    days = [short.drawn(start + timedelta(n)) for n in range(7)]
    assert all(day[0] == arms.FED for day in days)
    assert sorted(loop for day in days for loop in day[1:]) == sorted(arms.RIGHT)
    with short.on(DAY).prepared() as runs:
        assert [*runs] == [*short.drawn(DAY), arms.PLAIN, arms.WATCHED]
    assert short.on(DAY).params["drawn_on"] == "2026-11-26" and short.on(DAY).rounds == 1


# What is claimed and said.


def said(changed: dict[str, str] | None = None, rounds: int = 4) -> Measured:
    """All right, but for these loops."""
    names = {loop: show.right(loop)[0] for loop in LOOPS} | (changed or {})
    values = {loop: {"total": 1.5, "verdict": arms.VERDICTS.index(name)} for loop, name in names.items()}
    costs = {arms.PLAIN: {"total": 0.1, "per_batch": 2e-6}, arms.WATCHED: {"total": 0.2, "per_batch": 12e-6}}
    return result("total", {**values, **costs}, rounds, drawn_on="every day")


def test_claims() -> None:
    assert statistics("doctor", said()) == pytest.approx(
        {
            "the-doctor-names-the-fault": 1,
            "the-doctor-can-tell": 1,
            "the-doctor-leaves-healthy-loops-alone": 0,
            "being-watched-takes-microseconds": 10,
        }
    )
    wrong = said(
        {
            arms.IN_STEP: "STARVED",
            arms.SLOW_ITEM: "TOO NOISY",
            arms.FED: "NEIGHBOUR",
            arms.JITTER: "TOO NOISY",
        }
    )
    found = statistics("doctor", wrong)
    assert found["the-doctor-names-the-fault"] == pytest.approx(12 / 13), "of those of which it could tell"
    assert found["the-doctor-can-tell"] == pytest.approx(13 / 14)
    assert found["the-doctor-leaves-healthy-loops-alone"] == pytest.approx(1 / 7), "not to know is no alarm"


def test_a_share_of_a_few_loops_is_not_judged() -> None:
    """As the short form has them: of these, the cost alone is claimed."""
    whole, tried = said(), {*short.drawn(DAY), arms.PLAIN, arms.WATCHED}
    few = replace(whole, samples=[each for each in whole.samples if each.arm in tried])
    for claim in CLAIMS:
        if claim.id == "being-watched-takes-microseconds":
            assert claim.statistic.of(few) == pytest.approx([10] * 4)
        else:
            with pytest.raises(NotHere, match="of (14|7) loops were tried in every round"):
                claim.statistic.of(few)
    assert show.figure(few).message.startswith("Of 2 loops with a fault")


def test_a_doctor_that_never_can_tell_is_no_good_one() -> None:
    found = statistics("doctor", said(dict.fromkeys(LOOPS, "TOO NOISY")))
    bounds = {claim.id: claim.bounds for claim in CLAIMS}
    assert found["the-doctor-can-tell"] == 0 < bounds["the-doctor-can-tell"].low


def test_the_reason_about_one_alarm_is_arithmetic() -> None:
    because = next(claim.because for claim in CLAIMS if claim.id == "the-doctor-leaves-healthy-loops-alone")
    assert because == f"Of seven healthy loops, a single alarm would be {100 / len(arms.HEALTHY):.0f} %."
    assert len(arms.HEALTHY) == 7


def test_a_loop_that_some_round_lacks_is_left_out() -> None:
    """Between two passes the day has changed."""
    whole = said()
    lacking = [each for each in whole.samples if each.arm != arms.IN_STEP or each.round == 0]
    whole = replace(whole, samples=lacking)
    assert arms.IN_STEP not in show.verdicts(whole) and arms.FED in show.verdicts(whole)


def test_values_and_figure() -> None:
    measured = said({arms.SLOW_ITEM: "TOO NOISY", arms.JITTER: "NEIGHBOUR"})
    assert plain_values(show.values(measured)) == {
        "drawn_on": "every day",
        "faults": "14",
        "healthy": "7",
        "named": "100 %",
        "told": "93 %",
        "answered": "52",
        "were_right": "52",
    }
    assert show.answers(said({arms.SLOW_ITEM: "STARVED"})) == (56, 52)
    figure = show.figure(measured)
    assert "It raised 4 alarms in 28 runs of healthy ones." in plain(figure.message)
    assert isinstance(figure.chart, Bars)
    shares = {bar.label: bar.value.median for group in figure.chart.groups for bar in group.bars}
    assert shares[arms.IN_STEP] == 100 and shares[arms.SLOW_ITEM] == shares[arms.JITTER] == 0
    assert (arms.SLOW_ITEM, "STRAGGLER", "4 × TOO NOISY") in figure.table.rows
