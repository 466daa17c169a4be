"""What an arm gave, in the unit in which it is drawn."""

from snippets.lab.results.results import Measured
from snippets.lab.results.stats import Estimate, estimate


def in_milliseconds(result: Measured, arm: str, value: str | None = None) -> Estimate:
    return estimate([1000 * seconds for seconds in result.samples_of(arm, value)])


def in_megabytes(result: Measured, arm: str) -> Estimate:
    """Of 10^6 bytes."""
    return estimate([size / 1e6 for size in result.samples_of(arm)])
