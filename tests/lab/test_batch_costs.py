"""What batches cost that vary: how much they do, and that they are drawn alike each time.

That a browser draws the same, tests/browser/test_simulator.py shows.
"""

import math
from statistics import NormalDist, fmean, pstdev

import pytest

from snippets.lab.batch_costs import factors

MANY = 20_000
SPREADS = (0.1, 0.3, 1.0)


def test_without_spread_all_cost_the_same() -> None:
    assert factors(5, 0) == [1.0] * 5


@pytest.mark.parametrize("spread", SPREADS)
@pytest.mark.parametrize("count", [1, 24, 200])
def test_their_mean_is_one(count: int, spread: float) -> None:
    drawn = factors(count, spread)
    assert len(drawn) == count and min(drawn) > 0
    assert fmean(drawn) == pytest.approx(1)


@pytest.mark.parametrize("spread", SPREADS)
def test_they_vary_by_as_much_as_is_asked(spread: float) -> None:
    assert pstdev(factors(MANY, spread)) == pytest.approx(spread, rel=0.05)


def test_their_logarithms_are_normal() -> None:
    """As many of them below each tenth of that distribution."""
    drawn = factors(MANY, 0.3)
    logarithms = NormalDist.from_samples([math.log(each) for each in drawn])
    below = [sum(logarithms.cdf(math.log(each)) < tenth / 10 for each in drawn) / MANY for tenth in range(1, 10)]
    assert below == pytest.approx([tenth / 10 for tenth in range(1, 10)], abs=0.01)


def test_a_batch_keeps_its_place_among_those_of_a_longer_epoch() -> None:
    few, many = factors(24, 0.5), factors(200, 0.5)
    assert [each / few[0] for each in few] == pytest.approx([each / many[0] for each in many[:24]])
    assert factors(24, 0.5) == few
