"""Medians with exact intervals. No bootstrap: at these small n its intervals miss 6-13 % of the time."""

from dataclasses import dataclass
from functools import cache
from statistics import median

from snippets.lab.numbers import NBSP, number

CONFIDENCE = 0.97
"""The least probability with which an interval covers the median, where there are rounds enough."""


@dataclass(frozen=True)
class Estimate:
    """A median with its order-statistic interval, over `n` rounds, in the unit of its samples."""

    median: float
    low: float
    high: float
    n: int


@cache
def interval_ranks(n: int) -> tuple[int, int]:
    """1-based ranks of the tightest order-statistic interval for the median that covers it >= 97 % of the time.

    The count of samples below the median is binomial(n, 1/2), whatever their distribution (David and
    Nagaraja, Order Statistics, 2003, section 7.1): n = 7 gives ranks 1 and 7 (98.4 %), n = 21 gives 6 and
    16 (97.3 %). Below n = 7 no interval reaches 97 %, so the whole range is given.
    """
    low, ways, below = 1, n, 1
    while 1 - 2 * (below + ways) / 2**n >= CONFIDENCE:  # of 2**n ways, those with at most `low` samples below
        below += ways
        low += 1
        ways = ways * (n - low + 1) // low
    return low, n + 1 - low


def estimate(samples: list[float]) -> Estimate:
    """Median and interval of one arm's samples, in their own unit."""
    ordered = sorted(samples)
    low, high = interval_ranks(len(ordered))
    return Estimate(median(ordered), ordered[low - 1], ordered[high - 1], len(ordered))


def ratio(numerator: list[float], denominator: list[float]) -> Estimate:
    """Median and interval of the quotients of two arms, of the same rounds: drift of the machine's speed cancels."""
    return estimate(quotients(numerator, denominator))


def quotients(numerator: list[float], denominator: list[float]) -> list[float]:
    """One quotient per round. Their order is that of their logarithms, so intervals are the same for both. Raises
    ValueError where one has more rounds.
    """
    return [a / b for a, b in zip(numerator, denominator, strict=True)]


def interval(estimate: Estimate, unit: str = "") -> str:
    """`1.08 s (1.05 to 1.12)`: the median and its interval, as tables show it."""
    space = NBSP if unit else ""
    return f"{number(estimate.median)}{space}{unit} ({number(estimate.low)} to {number(estimate.high)})"
