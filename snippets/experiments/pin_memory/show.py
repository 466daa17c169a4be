"""Bars for pageable and pinned batches, blocking and not."""

from snippets.lab.figures.figure import Bar, BarGroup, Bars, Figure, Table
from snippets.lab.numbers import percent, time
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import interval

ARMS = ("pageable", "pageable, non_blocking", "pinned", "pinned, non_blocking")


def values(result: Measured) -> dict[str, str]:
    return {
        "copy": time(result.estimate("pageable", "copy").median),
        "copy_pinned": time(result.estimate("pinned", "copy").median),
        "pinned": percent(result.ratio("pinned", "pageable").median),
        "non_blocking": percent(result.ratio("pageable, non_blocking", "pageable").median),
        "both": percent(result.ratio("pinned, non_blocking", "pageable").median),
    }


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"A copy of {int(result.number('buffer_bytes')) // 2**20} MiB to the GPU takes {say['copy']} from pageable "
        f"memory and {say['copy_pinned']} from pinned memory. An epoch of copies and steps takes {say['pinned']} of "
        f"its time with pinned batches, and {say['both']} when the copies do not block either."
    )
    bars = tuple(Bar(arm, result.estimate(arm), "step") for arm in ARMS)
    rows = tuple(
        (
            arm,
            interval(result.estimate(arm), "s"),
            time(result.estimate(arm, "copy").median),
            time(result.estimate(arm, "call").median),
        )
        for arm in ARMS
    )
    table = Table(("", "Epoch", "One copy alone", "Its call"), rows)
    return Figure(message, Bars("s", "lower", (BarGroup("", bars),)), table)
