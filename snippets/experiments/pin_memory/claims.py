"""What pinning gives a GPU. There is nothing to judge without one."""

from snippets.experiments.pin_memory.arms import PAGEABLE, PAGEABLE_NON_BLOCKING, PINNED, PINNED_NON_BLOCKING
from snippets.lab.judging.claim import Claim, Statistic, at_least, at_most, ratio
from snippets.lab.numbers import percent
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import quotients

BEYOND_ITS_OWN_CORES = 6
"""Four workers, the thread that pins, and the main process."""


def call_over_copy(arm: str) -> Statistic:
    def of(result: Measured) -> list[float]:
        return quotients(result.samples_of(arm, "call"), result.samples_of(arm, "copy"))

    words = f"the share of a copy for which its call lasts ({arm})"
    return Statistic(words, of)


CLAIMS = (
    Claim(
        "pinned-copies-are-faster",
        ratio(
            "the time that a copy to the GPU takes from pageable memory over that from pinned memory",
            PAGEABLE,
            PINNED,
            "copy",
        ),
        at_least(1.3),
        because="From pageable memory the driver copies each piece to pinned memory first.",
        tiers=("gpu",),
    ),
    Claim(
        "a-pinned-copy-returns-at-once",
        call_over_copy(PINNED_NON_BLOCKING),
        at_most(0.1),
        because="The call queues the copy and does not wait for it.",
        say=percent,
        tiers=("gpu",),
    ),
    Claim(
        "a-pageable-copy-holds-its-caller",
        call_over_copy(PAGEABLE_NON_BLOCKING),
        at_least(0.5),
        because="The caller itself copies each piece to pinned memory, whatever it asked for.",
        say=percent,
        tiers=("gpu",),
    ),
    Claim(
        "pinning-and-not-blocking-helps",
        ratio(
            "the epoch with pageable batches over that with pinned ones and non-blocking copies",
            PAGEABLE,
            PINNED_NON_BLOCKING,
        ),
        at_least(1.05),
        because="The copy from pageable memory takes up to a quarter of the step, which it comes on top of.",
        say=percent,
        needs_cores=BEYOND_ITS_OWN_CORES,
        tiers=("gpu",),
    ),
)
