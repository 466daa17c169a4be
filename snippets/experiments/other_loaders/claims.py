"""Where the same function decodes, what another library can change is scheduling and handing over."""

from statistics import median

from snippets.experiments.other_loaders.arms import OURS
from snippets.experiments.other_loaders.show import others
from snippets.lab.judging.claim import Claim, Statistic, at_most
from snippets.lab.numbers import percent
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import quotients


def fastest(result: Measured) -> list[float]:
    """Photos/s over DataLoader's, round by round, of the library that loads most."""
    return max((quotients(result.samples_of(name), result.samples_of(OURS)) for name in others(result)), key=median)


CLAIMS = (
    Claim(
        "another-library-with-the-same-decoder",
        Statistic("photos/s with the fastest other library over those with DataLoader", fastest),
        at_most(1.5),
        because="Two processes or two threads decode with the same code on the same two cores.",
        say=percent,
        needs_cores=2,
        start_methods=("fork",),  # a worker that still imports torch would count for the others
    ),
)
