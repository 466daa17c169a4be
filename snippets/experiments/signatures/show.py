"""The share of the time that a step waits, for each signature; and what is said of them on the pages."""

from statistics import median

from snippets.experiments.signatures import arms, waits
from snippets.lab.figures.figure import Bar, BarGroup, Bars, Figure, Table
from snippets.lab.numbers import duration, percent, times
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import Estimate, estimate, interval, quotients

SIGNATURES = (arms.FED, arms.SLOW_FIRST_BATCH, arms.STRAGGLER, arms.BUSY_NEIGHBOUR, arms.BURSTS, arms.STARVED)


def share(result: Measured, arm: str, value: str) -> Estimate:
    return estimate([100 * waited for waited in result.samples_of(arm, value)])


def headspace(result: Measured) -> list[float]:
    """The starved epoch over the same steps on one batch that is there already, round by round."""
    return quotients(result.samples_of(arms.STARVED), result.samples_of(arms.REPLAYED))


def values(result: Measured) -> dict[str, str]:
    found = {"headspace": times(median(headspace(result)))}
    for arm in SIGNATURES:
        slug = arm.replace(" ", "_")
        found[f"{slug}_waited"] = percent(result.estimate(arm, "waited").median)
        found[f"{slug}_waited_after_first"] = percent(result.estimate(arm, "waited_after_first").median)
        found[f"{slug}_longest"] = duration(median(max(each) for each in waits.waits(result, arm)))
    return found


def figure(result: Measured) -> Figure:
    groups = (
        BarGroup("the whole run", tuple(Bar(arm, share(result, arm, "waited"), "wait") for arm in SIGNATURES)),
        BarGroup(
            "from the first batch on",
            tuple(Bar(arm, share(result, arm, "waited_after_first"), "wait") for arm in SIGNATURES),
        ),
    )
    rows = tuple(
        (arm, interval(share(result, arm, "waited")), interval(share(result, arm, "waited_after_first")))
        for arm in SIGNATURES
    )
    message = (
        f"The share of the time in which no step runs. Of the loader that keeps up it is "
        f"{percent(result.estimate(arms.FED, 'waited').median)} of the whole run, start-up included, and "
        f"{percent(result.estimate(arms.FED, 'waited_after_first').median)} from the first batch on."
    )
    table = Table(("Signature", "Whole run, %", "From the first batch on, %"), rows)
    return Figure(message, Bars("% of the time waited", "lower", groups), table)
