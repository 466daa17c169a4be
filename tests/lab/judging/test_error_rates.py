"""How often the decision rule is wrong: simulated with a fixed seed, from rounds whose truth we know.

What it does not prove: that a real machine's noise is like this. Real runs under real load are in the bench.
"""

import pytest

from tests.lab.error_rates import CLAIM, World, rates

BOUND = CLAIM.bounds.low
TRIALS = 2000


@pytest.mark.parametrize("form", ["full", "short"])
@pytest.mark.parametrize("noise", [0.03, 0.08, 0.2])
def test_at_the_bound_neither_verdict_is_due(noise: float, form: str) -> None:
    found = rates(World(BOUND, noise), TRIALS, form)
    assert found("holds") + found("contradicted") <= 0.05


def test_a_margin_of_a_fifth_with_ordinary_noise() -> None:
    found = rates(World(BOUND * 1.2, 0.08), TRIALS)
    assert found("holds") >= 0.95
    assert found("contradicted") <= 0.001


@pytest.mark.parametrize("noise", [0.03, 0.08, 0.2])
@pytest.mark.parametrize("margin", [1.1, 1.2, 1.5])
def test_above_the_bound_nothing_is_contradicted(margin: float, noise: float) -> None:
    assert rates(World(BOUND * margin, noise), TRIALS)("contradicted") <= 0.001


@pytest.mark.parametrize("noise", [0.03, 0.08, 0.2])
@pytest.mark.parametrize("margin", [1.1, 1.2, 1.5])
def test_below_the_bound_hardly_anything_holds(margin: float, noise: float) -> None:
    assert rates(World(BOUND / margin, noise), TRIALS)("holds") <= 0.001


def test_what_is_clearly_wrong_is_found_out() -> None:
    """A rule that never contradicts would pass all the tests above."""
    assert rates(World(BOUND / 1.5, 0.03), TRIALS)("contradicted") >= 0.95
    assert rates(World(BOUND / 1.5, 0.08), TRIALS)("contradicted") >= 0.9


@pytest.mark.parametrize("burst", [0, 1, 3, 7], ids=["single runs", "rounds", "three rounds", "whole passes"])
@pytest.mark.parametrize("often", [0.2, 0.5, 0.8, 1.0])
def test_a_busy_neighbour_contradicts_nothing(often: float, burst: int) -> None:
    """With the core, the ratio lies a fifth above the bound; without it, far below."""
    assert rates(World(BOUND * 1.2, 0.08, often, burst), TRIALS)("contradicted") == 0.0


def test_without_the_gates_it_would() -> None:
    """The neighbour is what the gates are for: a machine that hides it from the probe fools the rule."""
    hidden = World(BOUND * 1.2 / 2, 0.08)
    assert rates(hidden, TRIALS)("contradicted") >= 0.9
