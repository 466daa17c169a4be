"""Photos that are decoded, and a step: what is claimed of the epochs, of which machines, and said."""

import pytest

from snippets.experiments.photos_overlap import show
from snippets.experiments.photos_overlap.arms import FOUR, NONE, TWO
from snippets.experiments.photos_overlap.measure import BATCH_SIZE, BATCHES, EXPERIMENT, step
from snippets.lab.judging.claim import NotHere
from snippets.lab.results.results import Measured

from .dry_run import first_loader, sleeps
from .results import claim, epoch, plain, plain_values, result, statistics


def decoded(unready_two: float = 0.04) -> Measured:
    """Twice as fast with two workers and 1.25 times as fast again with four; their start takes longer."""
    arms = {
        NONE: epoch(1.2, 0.6, steady=(0.1, 0.6)),
        TWO: epoch(0.8, 0.3, steady=(0.05, 0.08, unready_two)),
        FOUR: epoch(0.9, 0.2, steady=(0.04, 0.05)),
    }
    return result("total", arms, batches=10, batch_size=8, step_seconds=0.03)


def test_a_step_takes_as_long_as_it_says() -> None:
    assert sleeps(lambda: step(None)) == [EXPERIMENT.params["step_seconds"]]
    with EXPERIMENT.prepared() as arms:
        loaders = [first_loader(run) for run in arms.values()]
    assert {(len(loader), loader.batch_size) for loader in loaders} == {(BATCHES, BATCH_SIZE)}


def test_claims() -> None:
    assert statistics("photos-overlap", decoded()) == pytest.approx(
        {"photos-wait-alone": 0.6, "two-hide-decoding": 2.0, "two-more-gain-nothing": 1.25}
    )


def test_where_two_workers_are_not_enough_nothing_is_said_of_more() -> None:
    with pytest.raises(NotHere, match="^2 workers are not enough here: for 6\u00a0% of the time"):
        claim("two-more-gain-nothing").statistic.of(decoded(unready_two=0.06))


def test_values() -> None:
    values = plain_values(show.values(decoded()))
    assert (values["speedup_two"], values["speedup_four"]) == ("2.0 times", "2.5 times")
    assert [values[f"waited_{count}"] for count in ("none", "two", "four")] == ["60 %", "8 %", "5 %"]


def test_figure() -> None:
    message = plain(show.figure(decoded()).message)
    assert "1.2 s with 0 workers, 800 ms with 2 and 900 ms with 4" in message
    assert "Without workers the step waits for 60 % of it; once all" in message
    assert "it waits for 8 % of the time with 2 and for 5 % with 4" in message
