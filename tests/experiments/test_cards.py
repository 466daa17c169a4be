"""On each card what is claimed of a GPU lies well inside its bounds by theory, so that noise does not decide it; or the
machine has too few cores for the claim.

What it does not prove: that a card gives what theory says.
"""

import math
from dataclasses import replace

import pytest

from snippets.experiments.gpu_training.arms import arm
from snippets.lab.catalog import experiment_names, has_show, show
from snippets.lab.judging.claim import Bounds, at_least, at_most
from snippets.lab.judging.claims import claim_ids, needs_gpu
from snippets.lab.judging.judge import judge
from snippets.lab.judging.verdict import Verdict
from snippets.lab.machine.machine import this_machine
from snippets.lab.results.stats import estimate

from ..docs.small_results import measured as made
from .cards import CARDS, THEORY, Card, measured

WELL = 1.2
OF_A_GPU = [claim_id for claim_id, (_, claim) in claim_ids().items() if claim.tiers == ("gpu",)]


def well_inside(bounds: Bounds, value: float) -> bool:
    """By that factor, at both ends. A count is exact."""
    if bounds.kind == "count":
        return value == bounds.low
    return value >= bounds.low * (WELL if bounds.low > 0 else 1) and value <= bounds.high / WELL


@pytest.mark.parametrize(
    ("bounds", "value", "well"),
    [
        (at_least(2), 2.41, True),
        (at_least(2), 2.39, False),
        (at_least(2, beyond=3), 2.51, False),
        (at_most(0.1), 0.083, True),
        (at_most(0.1), 0.084, False),
        (at_most(0.1), -1.0, True),
    ],
)
def test_how_far_inside_is_well(bounds: Bounds, value: float, well: bool) -> None:
    assert well_inside(bounds, value) == well


@pytest.mark.parametrize("claim_id", OF_A_GPU)
@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
def test_a_claim_holds_well_or_needs_more_cores(card: Card, claim_id: str) -> None:
    name, claim = claim_ids()[claim_id]
    one = measured(name, card)
    judgement = judge(claim, one, card.machine(this_machine()))
    if card.cores < claim.needs_cores:
        assert judgement.verdict == Verdict.NOT_HERE and "usable cores" in judgement.reason
        return
    assert judgement.verdict == Verdict.HOLDS, judgement.reason
    value = estimate(claim.statistic.of(one)).median
    assert math.isfinite(value) and well_inside(claim.bounds, value), f"{claim.say(value)}; {claim.must_be}"


def test_a_card_s_machine_tries_as_many_workers_as_its_cores_are_for() -> None:
    """Not as many as the machine that runs this test."""
    one = measured("gpu-training", CARDS[-1])
    assert CARDS[-1].cores == one.numbers("counts")[-1] == 16
    assert one.estimate(arm(16)).median > 4000 and "with 16 workers" in show("gpu-training").figure(one).message


def test_each_is_judged_on_some_card() -> None:
    cores = max(card.cores for card in CARDS)
    assert [claim_id for claim_id in OF_A_GPU if claim_ids()[claim_id][1].needs_cores > cores] == []


def test_each_experiment_for_a_gpu_has_its_theory() -> None:
    """Write a function in tests/experiments/cards.py."""
    assert {*THEORY} == {name for name in experiment_names() if needs_gpu(name)}


@pytest.mark.parametrize("name", THEORY)
def test_theory_has_each_arm_and_each_value_that_is_drawn(name: str) -> None:
    of_this_machine = measured(name, replace(CARDS[0], cores=this_machine().cores_usable))  # pyrefly: ignore[bad-argument-type]
    assert {sample.arm for sample in of_this_machine.samples} == {sample.arm for sample in made(name).samples}
    one = measured(name, CARDS[0])
    if has_show(name):
        assert show(name).values(one) and show(name).figure(one).message
