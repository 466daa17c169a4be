"""The interval of a median covers it as often as it says, whatever the samples' distribution."""

import random
from itertools import pairwise
from math import comb

import pytest

from snippets.lab.results.stats import CONFIDENCE, estimate, interval_ranks, ratio

DRAWS, SLACK = 8_000, 0.005
"""The share seen in so many draws has a standard error below 0.002."""


@pytest.mark.parametrize(
    ("n", "ranks"), [(1, (1, 1)), (2, (1, 2)), (3, (1, 3)), (7, (1, 7)), (14, (3, 12)), (21, (6, 16))]
)
def test_ranks(n: int, ranks: tuple[int, int]) -> None:
    assert interval_ranks(n) == ranks


def test_ranks_are_those_of_the_sum_of_all_ways() -> None:
    """Written down as in the book. Thousands of samples, as a stranger's file may have, take no time either."""

    def coverage(n: int, low: int) -> float:
        return 1 - 2 * sum(comb(n, k) for k in range(low)) / 2**n

    for n in range(1, 120):
        low, high = interval_ranks(n)
        assert (
            (low == 1 or coverage(n, low) >= CONFIDENCE) and coverage(n, low + 1) < CONFIDENCE and high == n + 1 - low
        )
    assert interval_ranks(3000) == (1441, 1560)


def test_ranks_lie_the_same_from_both_ends_and_never_fall() -> None:
    lows = [interval_ranks(n)[0] for n in range(1, 60)]
    assert all(sum(interval_ranks(n)) == n + 1 for n in range(1, 60))
    assert all(later >= earlier for earlier, later in pairwise(lows))


@pytest.mark.parametrize("n", [7, 14, 21])
def test_the_interval_of_a_skewed_distribution_covers_its_median(n: int) -> None:
    draw = random.Random(n)
    covered = 0
    for _ in range(DRAWS):
        found = estimate([draw.lognormvariate(0.0, 1.0) for _ in range(n)])
        covered += found.low <= 1.0 <= found.high
    assert covered / DRAWS >= CONFIDENCE - SLACK


@pytest.mark.parametrize("n", [14, 21])
def test_the_next_tighter_interval_would_not_do(n: int) -> None:
    draw = random.Random(n)
    low, high = interval_ranks(n)
    covered = 0
    for _ in range(DRAWS):
        ordered = sorted(draw.random() for _ in range(n))
        covered += ordered[low] <= 0.5 <= ordered[high - 2]
    assert covered / DRAWS < CONFIDENCE


def test_few_samples_give_their_whole_range() -> None:
    assert vars(estimate([3.0])) == {"median": 3.0, "low": 3.0, "high": 3.0, "n": 1}
    assert vars(estimate([3.0, 1.0])) == {"median": 2.0, "low": 1.0, "high": 3.0, "n": 2}
    assert vars(estimate([3.0, 1.0, 8.0])) == {"median": 3.0, "low": 1.0, "high": 8.0, "n": 3}


def test_no_sample_gives_no_median() -> None:
    with pytest.raises(ValueError):
        estimate([])


def test_an_estimate_leaves_the_order_of_the_samples_alone() -> None:
    samples = [3.0, 1.0, 2.0]
    estimate(samples)
    assert samples == [3.0, 1.0, 2.0]


def test_a_ratio_is_taken_per_round_so_that_drift_cancels() -> None:
    drifting = [1.0, 2.0, 4.0, 8.0]
    found = ratio([2 * speed for speed in drifting], drifting)
    assert (found.low, found.median, found.high, found.n) == (2.0, 2.0, 2.0, 4)


def test_a_ratio_of_arms_with_other_rounds_is_refused() -> None:
    with pytest.raises(ValueError):
        ratio([1.0, 2.0], [1.0])
