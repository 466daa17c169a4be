"""What workers hide of decoding, which needs cores: by the time from batch to batch, without the start of workers."""

from snippets.lab.claim import Claim, NotHere, Statistic, at_least, at_most, ratio, value
from snippets.lab.numbers import percent
from snippets.lab.results import Measured

NONE, TWO, FOUR = "0 workers", "2 workers", "4 workers"
ENOUGH_WAITS = 0.1
"""A step that waits less than this has as many workers as it needs."""


def from_two_to_four(measured: Measured) -> list[float]:
    waited = measured.estimate(TWO, "waited_steady").median
    if waited > ENOUGH_WAITS:
        raise NotHere(f"with 2 workers the step waits for {percent(waited)} here: they are not enough")
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
            "the time from batch to batch with 2 workers, where they leave the step next to no wait, over that with 4",
            from_two_to_four,
        ),
        at_most(1.1),
        because="Two workers decode a batch in less time than a step takes. More can gain what is still waited for, "
        "and that is less than a tenth.",
        needs_cores=2,
    ),
)
