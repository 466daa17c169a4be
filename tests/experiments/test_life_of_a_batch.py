"""A batch's life, from its indices to its step: that it is followed and counted, what is claimed of it and said."""

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch.utils.data import DataLoader

from snippets.experiments.life_of_a_batch import measure, show
from snippets.experiments.life_of_a_batch.arms import ARM
from snippets.lab.figures.figure import Timeline
from snippets.lab.instruments.experiment import Sample
from snippets.lab.results.results import Measured, TraceSpan

from .dry_run import sleeps
from .results import claim, plain, plain_values, result, statistics

ROLES = ("wait", "fetch", "collate", "receive", "step")


def lived() -> Measured:
    """Two batches; the second one is 10 ms later in all, and steps for 30 ms instead of 10."""
    traces = [
        TraceSpan(f"batch {batch}, worker {batch}", role, (at + batch) / 100, (at + batch + 1) / 100, None)
        for batch in range(2)
        for at, role in enumerate(ROLES)
    ]
    traces[-1] = replace(traces[-1], end=0.08)
    values = {"total": 0.3, "most_assigned": 5.0, "longest_ready": 0.081}
    measured = result("total", {ARM: values}, batches=measure.BATCHES, workers=measure.WORKERS)
    return replace(measured, traces={ARM: traces})


@pytest.fixture(scope="module")
def sample() -> Sample:
    return measure.life()


def test_a_batch_is_followed_from_its_indices_to_its_step(sample: Sample) -> None:
    lanes: dict[str, list[dict[str, Any]]] = {}
    for span in sample.trace or []:
        lanes.setdefault(span["lane"], []).append(span)
    assert [*lanes] == [f"batch {batch}, worker {batch % 3}" for batch in range(12)]
    for lane, spans in lanes.items():
        assert [span["role"] for span in spans] == [*ROLES], lane
        bounds = [at for span in spans for at in (span["start"], span["end"])]
        assert bounds == sorted(bounds), "one after the other"
    steps = [spans[-1] for spans in lanes.values()]
    assert all(one["end"] <= later["start"] for one, later in zip(steps, steps[1:], strict=False))
    ready = [spans[3]["end"] - spans[3]["start"] for spans in lanes.values()]
    assert sample.values["longest_ready"] == pytest.approx(max(ready))
    assert sample.values["total"] >= steps[-1]["end"]


def test_batches_under_way_are_counted(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as workers × prefetch_factor, and not a number that was written down."""
    assert sample.values["most_assigned"] == 6
    monkeypatch.setattr(measure, "WORKERS", 2)
    assert measure.life().values["most_assigned"] == 4


def test_one_batch_is_slow() -> None:
    waited = sleeps(lambda: [measure.Items()[index] for index in range(measure.BATCHES * measure.BATCH_SIZE)])
    slow = range(measure.SLOW_BATCH * measure.BATCH_SIZE, (measure.SLOW_BATCH + 1) * measure.BATCH_SIZE)
    expected = [measure.SLOW_ITEM_SECONDS if at in slow else measure.ITEM_SECONDS for at in range(len(waited))]
    assert waited == expected
    assert sleeps(lambda: measure.step(torch.zeros(1))) == [measure.STEP_SECONDS]


def test_claims() -> None:
    assert statistics("life-of-a-batch", lived()) == {"never-more-than-the-product": 5}


def test_the_reason_is_the_product() -> None:
    workers = measure.WORKERS
    factor = DataLoader([0], num_workers=workers).prefetch_factor  # pyrefly: ignore[bad-argument-type]
    found = claim("never-more-than-the-product")
    assert f"{workers} × {factor} at the beginning" in found.because
    assert f"{workers} workers, prefetch_factor={factor}" in found.statistic.words
    assert factor and found.bounds.low == found.bounds.high == workers * factor


def test_values_and_figure() -> None:
    assert plain_values(show.values(lived())) == {"most_assigned": "5", "stashed": "81 ms"}
    figure = show.figure(lived())
    message = plain(figure.message)
    assert f"{measure.BATCHES} batches, one lane each, {measure.WORKERS} workers." in message
    assert f"Batch {measure.SLOW_BATCH} is slow" in message
    assert "wait up to 81 ms for their turn" in message
    assert isinstance(figure.chart, Timeline)
    (run,) = figure.chart.runs
    assert run.title == f"{measure.BATCHES} batches, {measure.WORKERS} workers" and run.end == 0.08
    assert [lane.label for lane in run.lanes] == ["batch 0, worker 0", "batch 1, worker 1"]
    assert [span.role for span in run.lanes[1].spans] == [*ROLES]
    names = dict(figure.chart.names)
    assert (names["wait"], names["receive"]) == ("assigned, waits for its worker", "collated, waits for its turn")
    assert figure.table.rows[1] == ("batch 1, worker 1", "10 to 20", "20 to 30", "30 to 40", "40 to 50", "50 to 80")
    assert len(figure.table.header) == 6
