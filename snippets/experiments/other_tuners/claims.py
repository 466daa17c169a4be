"""That a limit of time is kept. What counts reach is shown, and not claimed: a peer may change, or fail."""

from snippets.experiments.other_tuners.arms import TUNER, WORKLOADS, chosen_by
from snippets.lab.judging.claim import Claim, Statistic, at_most
from snippets.lab.numbers import percent
from snippets.lab.results.results import Measured


def of_its_limit(result: Measured) -> list[float]:
    """Round by round, the longest time that the tuner took to choose, over the one that it was given."""
    times = (result.samples_of(chosen_by(TUNER, workload), "seconds") for workload in WORKLOADS)
    return [max(round_) / result.number("limit") for round_ in zip(*times, strict=True)]


CLAIMS = (
    Claim(
        "the-tuner-keeps-its-limit",
        Statistic("the longest time that the tuner takes to choose a count, over its limit", of_its_limit),
        at_most(1.2),
        because="It stops its race a second before the limit, and then ends its workers.",
        say=percent,
    ),
)
