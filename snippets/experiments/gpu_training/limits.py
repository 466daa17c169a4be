"""What photos/s cannot exceed while a network trains on them, calibrated in the same rounds."""

from snippets.experiments.gpu_training.arms import DECODING, REPLAYED, arm
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import quotients


def decoding(result: Measured, count: int) -> list[float]:
    """What the cores decode with so many workers, round by round: what one process does, times the workers or the
    cores' worth of work that the machine had, whichever is less. Without workers it is the main process that decodes.
    """
    processes = min(max(1, count), result.capacity)
    return [processes * rate for rate in result.samples_of(DECODING)]


def lower(result: Measured, count: int) -> list[float]:
    """What the cores decode, or what the step alone takes of one batch that is replayed, whichever is less."""
    return [min(each) for each in zip(decoding(result, count), result.samples_of(REPLAYED), strict=True)]


def best(result: Measured) -> int:
    """The count with the best median of those that were tried."""
    return max(result.numbers("counts"), key=lambda count: result.estimate(arm(count)).median)


def reached(result: Measured) -> list[float]:
    """What the best count reaches of the lower of its two limits, round by round."""
    count = best(result)
    return quotients(result.samples_of(arm(count)), lower(result, count))


def fed(result: Measured) -> list[float]:
    """What the best count reaches of the step alone, round by round."""
    return quotients(result.samples_of(arm(best(result))), result.samples_of(REPLAYED))


def headroom(result: Measured) -> list[float]:
    """The step alone over what one process decodes, round by round."""
    return quotients(result.samples_of(REPLAYED), result.samples_of(DECODING))
