"""Ranks share the machine’s cores, however many workers each of them has."""

from snippets.experiments.ranks.arms import arm
from snippets.lab.judging.claim import Claim, Statistic, at_most, ratio, same_within
from snippets.lab.numbers import percent
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import quotients


def per_core(result: Measured) -> list[float]:
    """Two ranks with two workers each, over one without, over the cores' worth of work that there was."""
    faster = quotients(result.samples_of(arm(2, 2)), result.samples_of(arm(1, 0)))
    return [each / result.capacity for each in faster]


CLAIMS = (
    Claim(
        "ranks-share-the-cores",
        Statistic("what two ranks with 2 workers each load over one without, over the cores’ worth of work", per_core),
        at_most(1.25),
        because="Four workers in two ranks have the same cores as two in one.",
        needs_cores=2,
        below_cores=4,
    ),
    Claim(
        "eight-workers-share-two-cores",
        ratio("photos/s of two ranks with 4 workers each over those with 1 each", arm(2, 4), arm(2, 1)),
        at_most(1.35),
        because="Two workers are as many as there are cores; eight take turns.",
        needs_cores=2,
        below_cores=3,
    ),
    Claim(
        "two-ranks-beside-two-workers",
        ratio("photos/s of two ranks with 1 worker each over those of one rank with 2", arm(2, 1), arm(1, 2)),
        same_within(1.35),
        because="Either way two processes decode, and others receive.",
        say=percent,
        needs_cores=2,
    ),
)
