"""How often the decision rule is wrong: simulated with a fixed seed, from rounds whose truth we know.

Of 500 trials with one truth none may err where errors are to be rarer than one in a thousand: were it one in a hundred,
99.3 % of such simulations would show it (1 - 0.99^500). One in 4,000, in all 34 of them, 98.6 % would show.

What it does not prove: that a real machine's noise is like this. Real runs under real load are in the bench.
"""

import pytest

from tests.lab.error_rates import CLAIM, World, rates

BOUND = CLAIM.bounds.low
TRIALS = 500


@pytest.mark.parametrize("form", ["full", "short"])
@pytest.mark.parametrize("noise", [0.03, 0.08, 0.2])
def test_at_the_bound_neither_verdict_is_due(noise: float, form: str) -> None:
    """In truth about 2 % have one. Were it one in ten, not one simulation in ten thousand would show 5 % or less."""
    found = rates(World(BOUND, noise), TRIALS, form)
    assert found("holds") + found("contradicted") <= 0.05


def test_a_margin_of_a_fifth_with_ordinary_noise_is_enough_to_hold() -> None:
    assert rates(World(BOUND * 1.2, 0.08), TRIALS)("holds") >= 0.95


@pytest.mark.parametrize("noise", [0.03, 0.08, 0.2])
@pytest.mark.parametrize("margin", [1.1, 1.2, 1.5])
def test_on_the_right_side_nothing_is_contradicted_and_on_the_wrong_one_nothing_holds(
    margin: float, noise: float
) -> None:
    assert rates(World(BOUND * margin, noise), TRIALS)("contradicted") == 0
    assert rates(World(BOUND / margin, noise), TRIALS)("holds") == 0


@pytest.mark.parametrize(("ratio", "noise"), [(1 / 1.5, 0.03), (1 / 1.5, 0.08), (1.2 / 2, 0.08)])
def test_what_is_clearly_wrong_is_found_out(ratio: float, noise: float) -> None:
    """A rule that never contradicts would pass all the tests above. The last is what a busy neighbour does to a ratio
    that is right: a machine that hides it from the probe fools the rule.
    """
    assert rates(World(BOUND * ratio, noise), TRIALS)("contradicted") >= 0.95


@pytest.mark.parametrize("burst", [0, 1, 3, 7], ids=["single runs", "rounds", "three rounds", "whole passes"])
@pytest.mark.parametrize("often", [0.2, 0.5, 0.8, 1.0])
def test_a_busy_neighbour_contradicts_nothing(often: float, burst: int) -> None:
    """With the core, the ratio lies a fifth above the bound; without it, far below."""
    assert rates(World(BOUND * 1.2, 0.08, often, burst), TRIALS)("contradicted") == 0
