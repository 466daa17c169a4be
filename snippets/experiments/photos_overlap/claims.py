"""What workers hide of decoding, which needs cores."""

from snippets.lab.claim import Claim, at_least, at_most, ratio, value
from snippets.lab.numbers import percent

NONE, TWO, FOUR = "0 workers", "2 workers", "4 workers"

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
        ratio("the epoch with 0 workers over the same epoch with 2", NONE, TWO),
        at_least(1.1),
        because="The steps, which leave the CPU free, overlap with decoding even on one core.",
        needs_cores=2,
    ),
    Claim(
        "more-than-enough-adds-nothing",
        ratio("the epoch with 2 workers over the same epoch with 4", TWO, FOUR),
        at_most(1.2),
        because="Two workers decode a batch in less time than a step takes; what is left to gain is the start.",
        needs_cores=2,
    ),
)
