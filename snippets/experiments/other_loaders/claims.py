"""Where the same function decodes, another library changes little: the cores set the limit."""

from statistics import median

from snippets.experiments.other_loaders.show import OURS, others
from snippets.lab.claim import Claim, Statistic, same_within
from snippets.lab.numbers import percent
from snippets.lab.results import Measured
from snippets.lab.stats import quotients


def furthest(result: Measured) -> list[float]:
    """Photos/s over DataLoader's, round by round, of the library whose median is furthest from it."""
    each = [quotients(result.samples_of(name), result.samples_of(OURS)) for name in others(result)]
    return max(each, key=lambda shares: max(median(shares), 1 / median(shares)))


CLAIMS = (
    Claim(
        "the-decoder-decides",
        Statistic("photos/s with another library over those with DataLoader, where they differ most", furthest),
        same_within(2.0),
        because="Two processes or two threads decode with the same code on the same two cores.",
        say=percent,
        needs_cores=2,
    ),
)
