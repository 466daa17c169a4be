"""What the size of a copy to the GPU, and the type of a batch, make of it."""

from snippets.experiments.copies.arms import FLOAT32, PINNED, SIZES, UINT8, arm
from snippets.lab.judging.claim import Claim, Statistic, at_least, at_most, ratio
from snippets.lab.numbers import percent
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import quotients

SMALLEST, LARGEST = SIZES[0], SIZES[-1]


def rate_of_small(result: Measured) -> list[float]:
    """Bytes per second of the smallest copy over those of the largest."""
    seconds = quotients(result.samples_of(arm(PINNED, LARGEST)), result.samples_of(arm(PINNED, SMALLEST)))
    return [SMALLEST / LARGEST * each for each in seconds]


CLAIMS = (
    Claim(
        "a-small-copy-leaves-the-bus-idle",
        Statistic(
            "the bytes per second of a pinned copy of 4 KiB to the GPU over those of one of 256 MiB", rate_of_small
        ),
        at_most(0.1),
        because="To begin a copy, and to learn that it is over, takes some microseconds, in which the bus carries tens "
        "of times as much.",
        say=percent,
        tiers=("gpu",),
    ),
    Claim(
        "float-batches-take-longer-to-copy",
        ratio(
            "the time in which a pinned batch comes to the GPU as float32 over that in which it comes as uint8 and is "
            "made float32 there",
            FLOAT32,
            UINT8,
        ),
        at_least(2.0, beyond=5.0),
        because="It has four times the bytes, and the GPU’s own memory, in which the other one is converted, is many "
        "times as fast as the bus.",
        tiers=("gpu",),
    ),
)
