"""Bars for pageable and pinned batches, blocking and not."""

from snippets.experiments.pin_memory.arms import PAGEABLE, PAGEABLE_NON_BLOCKING, PINNED, PINNED_NON_BLOCKING
from snippets.lab.figures.figure import Bar, BarGroup, Bars, Figure, Table
from snippets.lab.numbers import duration, percent
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import interval

ARMS = (PAGEABLE, PAGEABLE_NON_BLOCKING, PINNED, PINNED_NON_BLOCKING)


def values(result: Measured) -> dict[str, str]:
    return {
        "copy": duration(result.estimate(PAGEABLE, "copy").median),
        "copy_pinned": duration(result.estimate(PINNED, "copy").median),
        "pinned": percent(result.ratio(PINNED, PAGEABLE).median),
        "non_blocking": percent(result.ratio(PAGEABLE_NON_BLOCKING, PAGEABLE).median),
        "both": percent(result.ratio(PINNED_NON_BLOCKING, PAGEABLE).median),
    }


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"A copy of {int(result.number('buffer_bytes')) // 2**20} MiB to the GPU takes {say['copy']} from pageable "
        f"memory and {say['copy_pinned']} from pinned memory. With pinned batches the loop takes {say['pinned']} of "
        f"the time per batch that it takes with pageable ones, and {say['both']} if its copies do not block either."
    )
    bars = tuple(Bar(arm, result.estimate(arm), "step") for arm in ARMS)
    rows = tuple(
        (
            arm,
            interval(result.estimate(arm), "s"),
            duration(result.estimate(arm, "step").median),
            duration(result.estimate(arm, "copy").median),
            duration(result.estimate(arm, "call").median),
        )
        for arm in ARMS
    )
    table = Table(("", "From one batch to the next", "A step", "One large copy alone", "Its call"), rows)
    return Figure(message, Bars("s", "lower", (BarGroup("", bars),)), table)
