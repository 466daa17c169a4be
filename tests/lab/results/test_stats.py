"""The interval of a median covers it as often as it says, counted over all ways in which samples can lie around it."""

from math import comb

import pytest

from snippets.lab.results.stats import CONFIDENCE, estimate, interval_ranks, ratio


@pytest.mark.parametrize(
    ("n", "ranks"), [(1, (1, 1)), (2, (1, 2)), (3, (1, 3)), (7, (1, 7)), (14, (3, 12)), (21, (6, 16))]
)
def test_ranks(n: int, ranks: tuple[int, int]) -> None:
    assert interval_ranks(n) == ranks


def covers(n: int, low: int, high: int) -> float:
    """How often the median lies between the samples of these ranks: at least `low` are below it, and fewer than `high`.

    Each sample is below it or above, whatever their distribution: one way out of two, as with a coin.
    """
    return sum(comb(n, below) for below in range(low, high)) / 2**n


def test_ranks_are_the_tightest_that_cover_the_median_as_often_as_is_said() -> None:
    """Thousands of samples, as a stranger's file may have, take no time either."""
    for n in range(1, 120):
        low, high = interval_ranks(n)
        assert high == n + 1 - low
        assert low == 1 or covers(n, low, high) >= CONFIDENCE
        assert covers(n, low + 1, high - 1) < CONFIDENCE
    assert interval_ranks(3000) == (1441, 1560)


def test_few_samples_give_their_whole_range() -> None:
    assert vars(estimate([3.0])) == {"median": 3.0, "low": 3.0, "high": 3.0, "n": 1}
    assert vars(estimate([3.0, 1.0])) == {"median": 2.0, "low": 1.0, "high": 3.0, "n": 2}
    assert vars(estimate([3.0, 1.0, 8.0])) == {"median": 3.0, "low": 1.0, "high": 8.0, "n": 3}


def test_no_sample_gives_no_median() -> None:
    with pytest.raises(ValueError):
        estimate([])


def test_an_estimate_has_the_samples_of_these_ranks_and_leaves_their_order_alone() -> None:
    samples = [float(number * 5 % 14 + 1) for number in range(14)]
    before = list(samples)
    assert vars(estimate(samples)) == {"median": 7.5, "low": 3.0, "high": 12.0, "n": 14}
    assert samples == before


def test_a_ratio_is_taken_per_round_so_that_drift_cancels() -> None:
    drifting = [1.0, 2.0, 4.0, 8.0]
    found = ratio([2 * speed for speed in drifting], drifting)
    assert (found.low, found.median, found.high, found.n) == (2.0, 2.0, 2.0, 4)


def test_a_ratio_of_arms_with_other_rounds_is_refused() -> None:
    with pytest.raises(ValueError):
        ratio([1.0, 2.0], [1.0])
