"""What is chosen for a loop on a GPU reaches nearly what the best count does, and the doctor sees what the GPU does."""

from collections.abc import Callable

from snippets.experiments import held_out
from snippets.experiments.gpu_choosing import show
from snippets.experiments.gpu_choosing.arms import FUNCTION, LOOPS, TUNER
from snippets.lab.judging.claim import Claim, Statistic, at_least
from snippets.lab.numbers import percent
from snippets.lab.results.results import Measured


def at_worst(chooser: str) -> Callable[[Measured], list[float]]:
    def of(result: Measured) -> list[float]:
        return held_out.share_at_worst([show.trial(result, loop, chooser) for loop in LOOPS])

    return of


CLAIMS = (
    Claim(
        "the-choice-feeds-a-gpu",
        Statistic(
            "what the count that the function chose reaches of the best throughput on a GPU, where it reaches least",
            at_worst(FUNCTION),
        ),
        at_least(0.75),
        because="It times work, not launches, and begins where each worker has a core. Beyond a quarter, what is lost "
        "is worth a search by hand. The bound is wider than without a GPU: with many cores, more counts are close.",
        say=percent,
        needs_cores=2,
        tiers=("gpu",),
    ),
    Claim(
        "the-tuner-feeds-a-gpu",
        Statistic(
            "what the tuner's count reaches of the best throughput on a GPU, where it reaches least", at_worst(TUNER)
        ),
        at_least(0.75),
        because="As much is asked of the function, which readers can see whole.",
        say=percent,
        needs_cores=2,
        tiers=("gpu",),
    ),
    Claim(
        "the-doctor-sees-the-gpu",
        Statistic("of the loops on a GPU that the doctor watched, the share whose verdict is right", show.right),
        at_least(0.8),
        because="It reads the GPU's clock: a loop that runs ahead waits for batches while its GPU is busy, and nothing "
        "is lost. One wrong verdict of three would be 67 %.",
        say=percent,
        needs_cores=2,
        tiers=("gpu",),
    ),
)
