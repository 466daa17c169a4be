"""A loader that waits, and a step: what is claimed of the epochs and said, and reasons that are arithmetic of them."""

from typing import Any

import pytest

from snippets.experiments.first_version import STATEMENTS
from snippets.experiments.sprites_overlap import measure, show
from snippets.experiments.sprites_overlap.arms import ALONE, HELPED, UNTRACED
from snippets.experiments.sprites_overlap.measure import (
    BATCH_SIZE,
    BATCHES,
    EXPERIMENT,
    ITEM_SECONDS,
    STEP_SECONDS,
    step,
)
from snippets.lab.figures.figure import Timeline
from snippets.lab.instruments.experiment import AGAIN

from .dry_run import first_loader, sleeps
from .results import claim, epoch, plain, plain_values, result, statistics

ARMS = {
    ALONE: epoch(1.2, 0.75, steady=(0.12, 0.7)),
    HELPED: epoch(0.4, 0.25, first=0.15, steady=(0.03, 0.05)),
    HELPED + AGAIN: epoch(0.396, 0.25),
    UNTRACED: {"total": 0.32},
}
MEASURED = result("total", ARMS, batches=12, batch_size=8, item_seconds=0.008, step_seconds=0.02)


def test_a_step_and_an_item_take_as_long_as_they_say() -> None:
    assert sleeps(lambda: step(None)) == [EXPERIMENT.params["step_seconds"]]
    with EXPERIMENT.prepared() as arms:
        for run in arms.values():
            loader = first_loader(run)
            assert (len(loader), loader.batch_size) == (BATCHES, BATCH_SIZE)
            assert sleeps(lambda dataset=loader.dataset: dataset[0]) == [EXPERIMENT.params["item_seconds"]]


def test_untraced_each_batch_has_its_step(monkeypatch: pytest.MonkeyPatch) -> None:
    stepped: list[Any] = []
    monkeypatch.setattr(measure, "step", stepped.append)
    monkeypatch.setattr(measure, "ITEM_SECONDS", 0.0)
    measure.untraced_epoch(0)
    assert len(stepped) == BATCHES


def test_claims() -> None:
    assert statistics("sprites-overlap", MEASURED) == pytest.approx(
        {
            "helpers-hide-waiting": 3.0,
            "four-leave-only-the-steps": 4.0,
            "step-waits-alone": 0.75,
            "four-keep-up": 0.05,
            "first-batch-waits": 1.5,
            "tracing-is-cheap": 1.25,
        }
    )


def test_reasons_are_arithmetic_of_the_parameters() -> None:
    load, step, batches = 1000 * ITEM_SECONDS * BATCH_SIZE, 1000 * STEP_SECONDS, BATCHES
    alone, hidden = batches * (load + step) / 1000, (batches * step + load) / 1000
    assert (load, step, batches) == (96, 30, 24)
    reason = claim("helpers-hide-waiting").because
    assert f"{batches} loads of {load:g} ms and {batches} steps of {step:g} ms take {alone:.2f} s." in reason
    assert f"{hidden:.2f} s, so no machine can exceed {alone / hidden:.1f} times" in reason
    assert any(f" {BATCHES * BATCH_SIZE} items that wait" in one.where for one in STATEMENTS)
    waits = claim("step-waits-alone").because
    assert waits == f"{load:g} of every {load + step:g} ms are loading: {load / (load + step):.0%}.".replace("%", " %")
    ready = claim("four-keep-up").because
    assert ready.startswith(f"Four workers have a batch every {load / 4:g} ms, and a step takes {step:g} ms. ")
    steps = claim("four-leave-only-the-steps").because
    assert f"{load + step:g} ms, a step alone takes {step:g} ms: {(load + step) / step:.1f} times." in steps


def test_values() -> None:
    values = plain_values(show.values(MEASURED))
    assert (values["speedup"], values["speedup_steady"]) == ("3.0 times", "4.0 times")
    assert (values["waited_alone"], values["waited_helped"], values["waited_steady"]) == ("75 %", "25 %", "5 %")
    assert (values["load"], values["step"]) == ("64 ms", "20 ms")
    assert values["tracing_cost"] == "25 % (25 to 25)"
    assert values["again"] == "−1 % (−1 to −1)"


def test_figure() -> None:
    figure = show.figure(MEASURED)
    message = plain(figure.message)
    assert "takes 1.2 s and the step waits for 75 %" in message
    assert "takes 400 ms: until the first batch is there, 150 ms pass; once all" in message
    assert "the step waits for 5 % of the time" in message
    assert isinstance(figure.chart, Timeline)
    assert [run.title for run in figure.chart.runs] == ["num_workers=0", "num_workers=4"]
