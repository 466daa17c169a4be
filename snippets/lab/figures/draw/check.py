"""What no chart may be made of, for it was not measured: an unknown role, NaN, an interval without its median.

Each function yields a message per fault; `where` is the place that the message names.
"""

import math
from collections.abc import Iterable

from snippets.lab.figures.draw.style import ROLES
from snippets.lab.results.stats import Estimate


def role(role: str) -> Iterable[str]:
    if role not in ROLES:
        yield f"unknown role {role!r}"


def finite(where: str, *values: float) -> Iterable[str]:
    for value in values:
        if not math.isfinite(value):
            yield f"{where}: {value} is not a number to draw"


def estimate(value: Estimate, where: str, *, positive: bool) -> Iterable[str]:
    yield from finite(where, value.low, value.median, value.high)
    if not value.low <= value.median <= value.high and not math.isnan(value.low + value.median + value.high):
        yield f"{where}: the interval {value.low} to {value.high} does not hold the median {value.median}"
    if positive and value.low <= 0:
        yield f"{where} is not above zero on a log scale"
