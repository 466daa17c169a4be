"""Bars of the same epoch, traced and not."""

from snippets.lab.experiment import AGAIN
from snippets.lab.figure import Bar, BarGroup, Bars, Figure, Table
from snippets.lab.numbers import interval, number
from snippets.lab.results import Measured

ARMS = ("untraced", "untraced" + AGAIN, "traced")


def cost(result: Measured, arm: str) -> str:
    """How much longer than the untraced run, with its interval, in percent."""
    ratio = result.ratio(arm, "untraced")
    low, middle, high = (number(100 * (value - 1), 2) for value in (ratio.low, ratio.median, ratio.high))
    return f"{middle}\u00a0% ({low} to {high})"


def values(result: Measured) -> dict[str, str]:
    return {"cost": cost(result, "traced"), "again": cost(result, "untraced" + AGAIN)}


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"Tracing lengthens the epoch by {say['cost']}; the same untraced epoch, run a second time in each "
        f"round, differs by {say['again']}."
    )
    bars = tuple(Bar(arm, result.estimate(arm), "step") for arm in ARMS)
    rows = tuple((arm, interval(result.estimate(arm), "s"), cost(result, arm)) for arm in ARMS)
    chart = Bars("s", "lower", (BarGroup("", bars),))
    return Figure(message, chart, Table(("", "Epoch", "Longer than untraced"), rows))
