"""What photos/s cannot exceed while a network trains on them, calibrated in the same rounds."""

from statistics import median

from snippets.experiments.gpu_training.arms import DECODING, REPLAYED, arm
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import quotients

PACE = 0.5
"""The least share of the lower limit that training reaches, where that limit sets its pace."""
BUSY = 0.8
"""The least share of the time for which the main process is busy, where it has no time for another batch."""


def decoding(result: Measured, count: int) -> list[float]:
    """What the cores decode with so many workers, round by round: what one process does, times the workers or the
    cores' worth of work that the machine had, whichever is less. Without workers it is the main process that decodes.
    """
    processes = min(max(1, count), result.capacity)
    return [processes * rate for rate in result.samples_of(DECODING)]


def most(result: Measured) -> int:
    """The largest count that was tried. What the cores decode with it is all that they can: the best count may be a
    smaller one because something else is in the way.
    """
    return result.numbers("counts")[-1]


def lower(result: Measured) -> list[float]:
    """What the cores decode, or what the step alone takes of one batch that is replayed, whichever is less."""
    return [min(each) for each in zip(decoding(result, most(result)), result.samples_of(REPLAYED), strict=True)]


def best(result: Measured) -> int:
    """The count with the best median of those that were tried."""
    return max(result.numbers("counts"), key=lambda count: result.estimate(arm(count)).median)


def reached(result: Measured) -> list[float]:
    """What the best count reaches of the lower of the two limits, round by round."""
    return quotients(result.samples_of(arm(best(result))), lower(result))


def neither(result: Measured) -> bool:
    """Whether training stays so far below both limits that neither of them sets its pace."""
    return median(reached(result)) < PACE


def main_cpu(result: Measured) -> float:
    """The share of the time for which the main process is busy, with the best count."""
    return result.estimate(arm(best(result)), "main_cpu").median


def fed(result: Measured) -> list[float]:
    """What the best count reaches of the step alone, round by round."""
    return quotients(result.samples_of(arm(best(result))), result.samples_of(REPLAYED))


def headroom(result: Measured) -> list[float]:
    """The step alone over what one process decodes, round by round."""
    return quotients(result.samples_of(REPLAYED), result.samples_of(DECODING))
