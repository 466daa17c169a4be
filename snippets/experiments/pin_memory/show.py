"""Bars for pageable and pinned batches, blocking and not."""

from snippets.lab.figure import Bar, BarGroup, Bars, Figure, Table
from snippets.lab.numbers import interval, times
from snippets.lab.results import Measured

ARMS = ("pageable", "pageable, non_blocking", "pinned", "pinned, non_blocking")


def values(result: Measured) -> dict[str, str]:
    return {
        "pinned": times(result.ratio("pageable", "pinned").median),
        "non_blocking": times(result.ratio("pageable", "pageable, non_blocking").median),
        "both": times(result.ratio("pageable", "pinned, non_blocking").median),
    }


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"Against pageable batches, an epoch is {say['pinned']} as fast with pinned ones and {say['both']} as "
        "fast when the copies do not block either."
    )
    bars = tuple(Bar(arm, result.estimate(arm), "step") for arm in ARMS)
    rows = tuple((arm, interval(result.estimate(arm), "s")) for arm in ARMS)
    return Figure(message, Bars("s", "lower", (BarGroup("", bars),)), Table(("", "Epoch"), rows))
