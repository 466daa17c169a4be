"""What workers hide of decoding, which needs cores: by the time from batch to batch, without the start of workers."""

from snippets.experiments.photos_overlap.arms import FOUR, NONE, TWO
from snippets.lab.judging.claim import Claim, NotHere, Statistic, at_least, at_most, ratio, value
from snippets.lab.numbers import percent
from snippets.lab.results.results import Measured

UNREADY = 0.05
"""Of the time: a step that waits longer for batches that are not made yet has not as many workers as it needs."""


def from_two_to_four(measured: Measured) -> list[float]:
    waited = measured.estimate(TWO, "unready_steady").median
    if waited > UNREADY:
        raise NotHere(f"2 workers are not enough here: for {percent(waited)} of the time the batch is not made yet")
    return ratio("", TWO, FOUR, "per_batch").of(measured)


CLAIMS = (
    Claim(
        "photos-wait-alone",
        value("the share of the epoch in which no step runs, with 0 workers", NONE, "waited"),
        at_least(0.25),
        because="Below a quarter there would be little to hide, and the picture would show nothing.",
        say=percent,
    ),
    Claim(
        "two-hide-decoding",
        ratio(
            "the time from batch to batch with 0 workers over that with 2, once both are at work",
            NONE,
            TWO,
            "per_batch",
        ),
        at_least(1.1),
        because="The steps, which leave the CPU free, overlap with decoding even on one core.",
        needs_cores=2,
    ),
    Claim(
        "two-more-gain-nothing",
        Statistic(
            "the time from batch to batch with 2 workers, where they have each batch ready, over that with 4",
            from_two_to_four,
        ),
        at_most(1.1),
        because="Two workers decode a batch in less time than a step takes. What is left of the wait is receiving the "
        "batch, which the main process does.",
        needs_cores=2,
    ),
)
