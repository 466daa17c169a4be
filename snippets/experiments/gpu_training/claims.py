"""What sets the pace of a network that trains on photos: the cores that decode them, or the GPU."""

from statistics import median

from snippets.experiments.gpu_training import limits
from snippets.experiments.gpu_training.arms import arm, on_gpu
from snippets.lab.judging.claim import Claim, NotHere, Statistic, at_least, same_within
from snippets.lab.numbers import percent
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import quotients

ROOM = 2.0
"""By so much the step alone must be faster than one process that decodes: else decoding is not what is looked at."""


def with_room(result: Measured) -> Measured:
    """The result; raises NotHere where the step takes nearly as long as decoding in one process."""
    if median(limits.headroom(result)) < ROOM:
        raise NotHere("this GPU’s step takes nearly as long as decoding its photos in one process")
    return result


def paced(result: Measured) -> list[float]:
    """What the best count reaches of the lower limit; raises NotHere where the main process has no time for more."""
    busy = limits.main_cpu(result)
    if limits.neither(result) and busy >= limits.BUSY:
        raise NotHere(f"here the main process set the pace: it was busy for {percent(busy)} of the time")
    return limits.reached(result)


def over_none(result: Measured) -> list[float]:
    """The best count of workers over none."""
    best = limits.best(with_room(result))
    return quotients(result.samples_of(arm(best)), result.samples_of(arm(0)))


def moved(result: Measured) -> list[float]:
    """One worker whose photos the GPU augments, over one that does so itself."""
    return quotients(with_room(result).samples_of(on_gpu(1)), result.samples_of(arm(1)))


CLAIMS = (
    Claim(
        "the-slower-side-sets-the-pace",
        Statistic(
            "photos/s of training on a GPU with the best count of workers, over what the cores decode with the most "
            "workers or the step alone takes, whichever is less,",
            paced,
        ),
        at_least(limits.PACE, beyond=1.2),
        because="Decoding and training go on at the same time, so the slower one sets the pace; launching, collating "
        "and handing over take their part. Beyond all of it and a fifth for noise, a limit would be wrong.",
        say=percent,
        needs_cores=2,
        tiers=("gpu",),
    ),
    Claim(
        "workers-feed-a-network",
        Statistic("photos/s of training on a GPU with the best count of workers over those with none", over_none),
        at_least(1.5),
        because="One process decodes for a step that could take twice as many photos, or more. Workers decode as many "
        "times that as there are cores for them, until the step sets the pace.",
        needs_cores=4,
        tiers=("gpu",),
    ),
    Claim(
        "decoding-stays-in-the-workers",
        Statistic(
            "photos/s of training with one worker whose photos the GPU augments, over those with one that does so "
            "itself",
            moved,
        ),
        same_within(1.25),
        because="Decoding and resizing take nearly all of a worker’s time, and both stay there; it also sends larger "
        "photos, of which the GPU takes a window.",
        say=percent,
        needs_cores=2,
        tiers=("gpu",),
    ),
)
