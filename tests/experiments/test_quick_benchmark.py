"""The first version's benchmark and the corrected one: which order of counts is right, and what is said of both."""

from dataclasses import replace

import pytest

from snippets.experiments.quick_benchmark import measure, short, show
from snippets.experiments.quick_benchmark.arms import AS_WRITTEN, CORRECTED

from .results import plain_values, result, statistics


def test_a_rate_is_of_all_batches_that_were_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first version times 101 batches of 32, whatever it says of them."""
    monkeypatch.setattr(measure, "seconds_per_count", lambda dataset, counts: {0: 8.0, 2: 4.0})
    with measure.EXPERIMENT.prepared() as arms:
        assert arms[AS_WRITTEN]().values == {"rate_0": 404.0, "rate_2": 808.0}


def test_the_short_form_has_the_counts_that_are_claimed_of() -> None:
    assert short.EXPERIMENT.params["counts"] == [0, 2, 16]
    assert replace(measure.EXPERIMENT, arms=short.EXPERIMENT.arms, params=short.EXPERIMENT.params) == short.EXPERIMENT


def test_claims() -> None:
    arms = {AS_WRITTEN: {"rate_0": 100.0, "rate_16": 50.0}, CORRECTED: {"rate_0": 80.0, "rate_16": 160.0}}
    assert statistics("quick-benchmark", result("rate_2", arms)) == {"as-written-undervalues-workers": 0.25}


def test_values() -> None:
    """Three counts: 2 is best, 4 next to it within the tie, 0 far behind."""
    corrected = {"rate_0": 50.0, "rate_2": 100.0, "rate_4": 98.0}
    wrong = {"rate_0": 90.0, "rate_2": 80.0, "rate_4": 70.0}
    measured = result("rate_2", {AS_WRITTEN: wrong, CORRECTED: corrected}, counts=[0, 2, 4], tie=0.05)
    values = plain_values(show.values(measured))
    assert (values["best"], values["trials"]) == ("2", "7")
    assert values["as_written"] == "33 %", "only the tie of 2 and 4 counts as right"
    assert values["corrected"] == "100 %"
    assert (values["as_written_winner"], values["corrected_winner"]) == ("0", "7")


@pytest.mark.parametrize(("rates", "share"), [({2: 95.2, 4: 100.0}, 100), ({2: 94.8, 4: 100.0}, 0)])
def test_a_tie_is_within_5_percent_of_the_later_count(rates: dict[int, float], share: float) -> None:
    assert show.right_share({2: 2.0, 4: 1.0}, rates, 0.05) == share


def test_one_round_in_the_wrong_order_is_one_round() -> None:
    right, wrong = {"rate_0": 50.0, "rate_2": 100.0}, {"rate_0": 120.0, "rate_2": 100.0}
    measured = result("rate_2", {AS_WRITTEN: right, CORRECTED: right}, counts=[0, 2], tie=0.05)
    samples = [replace(s, values=wrong) if s.round == 3 and s.arm == AS_WRITTEN else s for s in measured.samples]
    values = plain_values(show.values(replace(measured, samples=samples)))
    assert (values["as_written_winner"], values["corrected_winner"], values["as_written"]) == ("6", "7", "100 %")
