"""What the size of a copy to the GPU, and the type of a batch, make of it."""

from snippets.experiments.copies.arms import FLOAT32, PINNED, SIZES, UINT8, arm
from snippets.experiments.gpu_checks import across_a_bus, checked
from snippets.lab.judging.claim import Claim, Statistic, at_least, ratio
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import quotients

SMALLEST, LARGEST = SIZES[0], SIZES[-1]


def rate_of_large(result: Measured) -> list[float]:
    """Bytes per second of the largest copy over those of the smallest."""
    seconds = quotients(result.samples_of(arm(PINNED, SMALLEST)), result.samples_of(arm(PINNED, LARGEST)))
    return [LARGEST / SMALLEST * each for each in seconds]


CLAIMS = (
    Claim(
        "a-small-copy-leaves-the-bus-idle",
        checked(
            Statistic(
                "the bytes per second of a pinned copy of 256 MiB to the GPU over those of one of 4 KiB", rate_of_large
            ),
            across_a_bus(arm(PINNED, LARGEST)),
        ),
        at_least(10.0),
        because="To begin a copy, and to learn that it is over, takes some microseconds, in which the bus carries tens "
        "of times as much.",
        tiers=("gpu",),
    ),
    Claim(
        "float-batches-take-longer-to-copy",
        checked(
            ratio(
                "the time in which a pinned batch comes to the GPU as float32 over that in which it comes as uint8 and "
                "is made float32 there",
                FLOAT32,
                UINT8,
            ),
            across_a_bus(FLOAT32),
        ),
        at_least(2.0, beyond=5.0),
        because="It has four times the bytes, and the GPU’s own memory, in which the other one is converted, is many "
        "times as fast as the bus.",
        tiers=("gpu",),
    ),
)
