"""What pinning gives a GPU. There is nothing to judge without one."""

from snippets.experiments.gpu_checks import across_a_bus, alike, checked, fed
from snippets.experiments.pin_memory.arms import PAGEABLE, PAGEABLE_NON_BLOCKING, PINNED, PINNED_NON_BLOCKING
from snippets.lab.judging.claim import Claim, NotHere, Statistic, at_least, at_most, ratio
from snippets.lab.numbers import percent
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import quotients

BEYOND_ITS_OWN_CORES = 6
"""Four workers, the thread that pins, and the main process."""


def call_over_copy(arm: str) -> Statistic:
    def of(result: Measured) -> list[float]:
        return quotients(result.samples_of(arm, "call"), result.samples_of(arm, "copy"))

    words = f"the share of a copy for which its call lasts ({arm})"
    return checked(Statistic(words, of), across_a_bus(arm))


def beyond_the_step(result: Measured, arm: str) -> list[float]:
    """Seconds that a batch takes from one to the next and no step: of the same run, so that the GPU's clock cancels."""
    return [whole - step for whole, step in zip(result.samples_of(arm), result.samples_of(arm, "step"), strict=True)]


def saved(result: Measured) -> list[float]:
    """Of what a batch takes beyond its step where its copy is from pageable memory, and blocks."""
    both, neither = (beyond_the_step(result, arm) for arm in (PINNED_NON_BLOCKING, PAGEABLE))
    if min(neither) <= 0:
        raise NotHere("here a batch took no longer than its step")
    return [1 - left for left in quotients(both, neither)]


CLAIMS = (
    Claim(
        "pinned-copies-are-faster",
        checked(
            ratio(
                "the time that a copy to the GPU takes from pageable memory over that from pinned memory",
                PAGEABLE,
                PINNED,
                "copy",
            ),
            across_a_bus(PINNED),
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
        checked(
            Statistic(
                "the share of what a batch takes beyond its step that pinned batches and non-blocking copies save",
                saved,
            ),
            across_a_bus(PINNED_NON_BLOCKING),
            fed(PAGEABLE, PINNED_NON_BLOCKING),
            alike(PAGEABLE, PINNED_NON_BLOCKING),
        ),
        at_least(0.3),
        because="The transfer from pinned memory remains. The staging is done by another thread, before the batch is "
        "handed out.",
        say=percent,
        needs_cores=BEYOND_ITS_OWN_CORES,
        tiers=("gpu",),
    ),
)
