"""What the model predicts beside what is measured: what a loader's costs are read off, which batches, what is said.

What it does not prove: that a prediction is any good. Each build measures and judges that.
"""

import itertools
import multiprocessing
import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import torch

from snippets.experiments.predictions import calibration, measure, short, show
from snippets.experiments.predictions.arms import COUNTS, WAITING, measured, predicted
from snippets.experiments.predictions.claims import CLAIMS
from snippets.experiments.varied_workloads import WORKLOADS
from snippets.experiments.workloads import WAIT_SECONDS
from snippets.lab.figures.figure import Dots
from snippets.lab.judging.judge import inside
from snippets.lab.loader_model import Batch, Loader, simulate
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import estimate

from .results import plain, plain_values, result, statistics

DAY = date(2026, 11, 26)
WAITS = WORKLOADS["waits"]

forks = pytest.mark.skipif(multiprocessing.get_start_method() != "fork", reason="each worker would import torch")


# What it is calibrated with.


@forks
@pytest.mark.skipif(measure.unavailable() is not None, reason="the clock of a thread is too coarse")
def test_costs_are_read_off_real_loaders() -> None:
    """A sleep is never shorter than it was asked for; what it computes is no part of it."""
    costs = calibration.calibrated(WAITS, measure.batches(WAITS, 6), 3, cores=2)
    assert len(costs.batches) == 6
    assert all(batch.wait + batch.compute > 4 * WAIT_SECONDS for batch in costs.batches)
    assert all(batch.wait > 10 * batch.compute or batch.compute < 0.5 * batch.wait for batch in costs.batches)
    loader = costs.loader
    assert loader.step + loader.step_compute > 0.003 and loader.step > loader.step_compute
    assert loader.send > 0 and loader.start > 0 and loader.receive >= 0
    assert (loader.num_workers, loader.cores) == (1, 2)


def test_nothing_is_predicted_by_a_coarse_clock_whatever_it_says_of_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows' moves every 1/64 s, and is said to have steps of 100 ns."""
    monkeypatch.setattr(time, "thread_time", lambda: time.perf_counter() * 64 // 1 / 64)
    assert (
        measure.EXPERIMENT.unavailable()
        == "this system's clock of a thread is too coarse to tell what a batch computes"
    )


@pytest.mark.parametrize("name", WORKLOADS)
def test_a_note_comes_with_each_batch(name: str) -> None:
    """And the batch is the one of its indices."""
    workload = WORKLOADS[name]
    indices = measure.batches(workload, 2)
    found = [*itertools.islice(calibration.noted(workload, indices, 0), 2)]
    for _, note in found:
        assert note.began <= note.made and note.began_cpu <= note.made_cpu <= note.process_cpu
    (_, first), (_, second) = found
    assert first.made <= second.began
    if name == "rows":
        rows = found[0][0][0]
        assert torch.equal(rows, torch.stack([workload.dataset[index][0] for index in indices[0]]))


def test_a_turn_is_the_time_between_two_batches_where_the_worker_had_the_next_one() -> None:
    """It begins a batch every second; 1 to 3 were assigned in time, 4 and 5 were not."""
    notes = [calibration.Note(began, 0, began + 0.75, 0, 0) for began in (0.0, 1.5, 2.5, 3.5, 9.0, 19.0)]
    assert calibration._turn(notes, [0.8, 2.3, 8.0, 18.0, 20.0, 21.0]) == pytest.approx(0.25)
    assert calibration._turn(notes, [7.0, 8.0, 17.0, 18.0, 20.0, 21.0]) == pytest.approx(0.75), "after the first"


def test_a_step_on_two_cores_counts_as_if_it_were_on_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two seconds, in which two threads compute."""
    seconds = iter(range(0, 100, 2))
    monkeypatch.setattr(calibration.time, "process_time", lambda: 2.0 * next(seconds))
    monkeypatch.setattr(calibration.time, "perf_counter", iter(range(0, 1000, 2)).__next__)
    step = calibration._step(replace(WORKLOADS["rows"], step=lambda batch: None), measure.batches(WORKLOADS["rows"], 3))
    assert (step.step, step.step_compute) == (0, 2)


# What is measured.


def test_an_epoch_has_the_batches_whose_costs_are_known() -> None:
    drawn = measure.batches(WAITS, 100)
    assert (
        drawn[: measure.BATCHES]
        == measure.batches(WAITS, measure.BATCHES)
        == drawn[measure.BATCHES :][: measure.BATCHES]
    )
    assert len({tuple(each) for each in drawn}) == measure.BATCHES and {len(each) for each in drawn} == {4}
    assert measure.length(WAITS, 1) == measure.BATCHES
    assert measure.length(WORKLOADS["short epochs"], 8) == 8


@pytest.mark.parametrize("count", COUNTS)
def test_the_pace_is_that_of_whole_turns_in_steady_state(count: int) -> None:
    """Not of the first batches, nor of the last ones: those take a second each here, the others a tenth."""
    length = measure.length(WAITS, count)
    first, last = 3 * count, length - 2 * count
    times = [*itertools.accumulate(1.0 if number < first or number >= last else 0.1 for number in range(length))]
    assert measure.pace(times, count, whole=False) == pytest.approx(10)
    assert (last - first) // count >= 5, "turns"
    assert measure.pace(times, count, whole=True) == pytest.approx(length / times[-1])


COSTS = calibration.Costs([Batch(0.01)] * 24 + [Batch(0.03)] * 8, Loader(1, step=0.004, receive=0.001, start=0.01))


@pytest.mark.parametrize("slower", [1.0, 1.25])
def test_measured_and_predicted_stand_beside_each_other(slower: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here what is measured is what the model says of these costs, each so many times as long."""

    def delivered(workload: Any, count: int) -> list[float]:
        batches = [COSTS.batches[number % measure.BATCHES] for number in range(measure.length(workload, count))]
        return [slower * at for at in simulate(batches, replace(COSTS.loader, num_workers=count))]

    monkeypatch.setattr(measure, "calibrated", lambda *given: COSTS)
    monkeypatch.setattr(measure, "delivered", delivered)
    values = measure.compared(WAITS, COUNTS, 2).values
    assert values["throughput"] == pytest.approx(1 / slower)
    for count in COUNTS:
        model, real = (values[name("throughput", count)] for name in (predicted, measured))
        assert real == pytest.approx(model / slower) and 100 < model < 4 / 0.005
        assert values[measured("first batch", count)] == pytest.approx(slower * (0.01 * count + 0.01 + 0.001))
        most = 1 - 1 / slower
        assert most / 3 <= values[measured("deliveries", count)] <= most


@forks
def test_real_deliveries_come_one_after_the_other() -> None:
    times = measure.delivered(WORKLOADS["short epochs"], 2)
    assert len(times) == 8 and times == sorted(times) and times[0] > 0


def test_of_epochs_that_end_soon_there_is_a_sample() -> None:
    with measure.arms(["short epochs"], [2]) as runs:
        assert runs["short epochs"]().values["throughput"] > 0


def test_the_short_form_is_of_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "delivered", lambda *given: [])
    seen: set[str] = set()
    for number in range(36):
        experiment = short.on(DAY + timedelta(number))
        with experiment.prepared() as runs:
            assert len(runs) == 2 and measure.ALWAYS in runs
            seen |= {*runs}
        assert experiment.params.keys() == measure.EXPERIMENT.params.keys()
        assert experiment.numbers("counts") == [*short.COUNTS] and {*short.COUNTS} < {*COUNTS}
    assert seen == {*WORKLOADS}
    assert datetime.fromisoformat(str(short.EXPERIMENT.params["drawn_on"]))
    with measure.EXPERIMENT.prepared() as runs:
        assert [*runs] == [*WORKLOADS]


# What is claimed and said.


def off(by: dict[str, float], counts: tuple[int, ...] = COUNTS, late: float = 0.05) -> Measured:
    """Each workload's measured throughput, and the time of its first batch, over what is predicted."""
    values = {name: {"throughput": ratio} for name, ratio in by.items()}
    for name, ratio in by.items():
        for count in counts:
            for what in ("throughput", "first batch"):
                values[name] |= {measured(what, count): 100 * ratio, predicted(what, count): 100.0}
            values[name][measured("deliveries", count)] = late
    params: dict[str, Any] = {"counts": [*counts], "drawn_on": "2026-11-26", "steps": 12, "batches": 40}
    return result("throughput", values, **params)


ALL = off({name: 1.0 if name in WAITING else 0.8 for name in WORKLOADS})


def test_claims() -> None:
    assert statistics("predictions", ALL) == pytest.approx(
        {"waiting-is-predicted": 0, "deliveries-are-predicted": 0.05}
    )
    slow = off({name: 1 / 1.1 if name in WAITING else 1.0 for name in WORKLOADS}, late=0.2)
    assert statistics("predictions", slow) == pytest.approx(
        {"waiting-is-predicted": 0.1, "deliveries-are-predicted": 0.2}
    )
    for claim in CLAIMS:
        assert inside(claim.bounds, estimate(claim.statistic.of(ALL)))
        assert not inside(claim.bounds, estimate(claim.statistic.of(slow)))


def test_in_the_short_form_one_waits() -> None:
    one = off({"waits": 1.25, "photos": 1.0}, (2, 4))
    assert statistics("predictions", one)["waiting-is-predicted"] == pytest.approx(0.2)


def test_each_count_has_a_mark_and_what_waits_is_a_workload() -> None:
    assert [*show.MARKS] == [*COUNTS] and {*WAITING} < {*WORKLOADS}


def test_values() -> None:
    assert plain_values(show.values(ALL)) == {
        "workloads": "19",
        "drawn_on": "2026-11-26",
        "steps": "12",
        "batches": "40",
        "middle": "25 %",
        "worst": "decoded photos",
        "worst_error": "25 %",
        "first": "20 %",
        "late": "5 %",
    }


def test_a_workload_that_some_round_lacks_is_left_out() -> None:
    changed = [each for each in ALL.samples if not (each.arm == "photos" and each.round == 3)]
    assert "photos" not in show.workloads(replace(ALL, samples=changed))


def test_figure() -> None:
    figure = show.figure(ALL)
    assert plain(figure.message).startswith("How far off the predicted throughput is, for 19 workloads.")
    assert isinstance(figure.chart, Dots) and len(figure.chart.rows) == 19
    photos = figure.chart.rows[0]
    assert [bar.label for bar in photos.bars] == ["2 workers", "3 workers", "4 workers", "8 workers"]
    assert [round(bar.value.median) for bar in photos.bars] == [25] * 4
    assert figure.table.rows[0] == ("decoded photos", *["0.8 (0.8 to 0.8)"] * 4, "0.8")
    assert len({len(each) for each in (figure.table.header, *figure.table.rows)}) == 1
