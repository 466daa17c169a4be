"""A model that trains on the CPU: with which threads and workers, that it trains, what is claimed and said."""

from typing import Any

import pytest
import torch

from snippets.experiments.cpu_training import measure, show
from snippets.experiments.cpu_training.arms import arm
from snippets.lab.figures.figure import Bars
from snippets.lab.instruments.experiment import AGAIN, Sample

from .results import claim, plain, plain_values, result, statistics

SECONDS = {(0, 1): 0.06, (1, 1): 0.04, (2, 1): 0.032, (0, 3): 0.03, (2, 3): 0.05}
"""On one thread 1.5 times as fast with a worker, and 1.25 times as fast again with two."""
ARMS = {
    **{arm(*each): {"per_batch": seconds} for each, seconds in SECONDS.items()},
    arm(0, 1) + AGAIN: {"per_batch": 1.0},
}
MEASURED = result("per_batch", ARMS, main_threads=3)


def test_a_model_trains_with_the_threads_that_are_named(three_threads: None, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[Any, int, Any]] = []

    def time_for(loader: Any, seconds: float, step: Any) -> Sample:
        seen.append((loader, torch.get_num_threads(), step))
        return Sample({"per_batch": 1.0})

    monkeypatch.setattr(measure, "time_for", time_for)
    with measure.EXPERIMENT.prepared() as arms:
        assert len(seen) == 1, "before the first arm the pages are warmed"
        seen.clear()
        for run in arms.values():
            run()
            assert torch.get_num_threads() == 3, "an arm leaves the threads as they were"
        named = [arm(loader.num_workers, threads) for loader, threads, _ in seen]
        assert named == [*arms] and len(named) == 5
    assert {loader.batch_size for loader, _, _ in seen} == {measure.BATCH_SIZE}
    assert len({id(step.__self__.model) for _, _, step in seen}) == 5, "each arm trains a model of its own"


def test_a_step_trains() -> None:
    training = measure.Training()
    before = [weights.detach().clone() for weights in training.model.parameters()]
    given: list[torch.Tensor] = []
    training.model.register_forward_pre_hook(lambda model, pixels: given.append(pixels[0]))
    training.step(torch.full((8, 3, 224, 224), 51, dtype=torch.uint8))
    assert [pixels.shape for pixels in given] == [(8, measure.PIXELS)] * 2
    assert given[0].unique().tolist() == pytest.approx([0.2])
    moved = [not torch.equal(was, now) for was, now in zip(before, training.model.parameters(), strict=True)]
    assert all(moved)


def test_claims() -> None:
    assert statistics("cpu-training", MEASURED) == pytest.approx(
        {"workers-help-a-cpu-model": 1.5, "a-second-worker-beside-a-cpu-model": 1.25}
    )


def test_the_reasons_speak_of_two_cores() -> None:
    """The model, a worker, and no third core."""
    alone, crowded = claim("workers-help-a-cpu-model"), claim("a-second-worker-beside-a-cpu-model")
    assert "two cores can do both at once" in alone.because and alone.needs_cores == 2
    assert (crowded.needs_cores, crowded.below_cores) == (2, 3)


def test_values() -> None:
    values = plain_values(show.values(MEASURED))
    assert [values[f"one_{count}"] for count in (0, 1, 2)] == ["60 ms", "40 ms", "32 ms"]
    assert (values["all_0"], values["all_2"], values["main_threads"]) == ("30 ms", "50 ms", "3")
    assert values["speedup"] == "1.9 times", "60 over 32"


def test_figure() -> None:
    figure = show.figure(MEASURED)
    message = plain(figure.message)
    assert "a batch takes 60 ms without workers, 40 ms with one and 32 ms with two" in message
    assert "with 3 threads, 30 ms without and 50 ms with two" in message
    assert isinstance(figure.chart, Bars)
    one, every = figure.chart.groups
    assert (one.label, every.label) == ("the model has 1 thread", "the model has 3 threads")
    assert {bar.label: bar.value.median for bar in one.bars} == {"0 workers": 60, "1 worker": 40, "2 workers": 32}
    assert [bar.value.median for bar in every.bars] == pytest.approx([30, 50])
    assert len(figure.table.rows) == 5, "what ran again is no bar of its own"


def test_a_machine_with_one_thread_has_one_group() -> None:
    arms = {arm(count, 1): {"per_batch": 0.05} for count in (0, 1, 2)}
    chart = show.figure(result("per_batch", arms, main_threads=1)).chart
    assert isinstance(chart, Bars)
    assert [len(group.bars) for group in chart.groups] == [3]
