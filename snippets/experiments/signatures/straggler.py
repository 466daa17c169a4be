"""One item that takes long."""

from statistics import median

from snippets.experiments.signatures.arms import STRAGGLER
from snippets.experiments.signatures.waits import on_the_longest, timelines, waits
from snippets.lab.figures.figure import Figure
from snippets.lab.numbers import percent
from snippets.lab.results.results import Measured


def shares(result: Measured) -> list[float]:
    """Of the waiting after the first batch, the part spent on a single one, round by round."""
    return [on_the_longest(waited) for waited in waits(result, STRAGGLER)]


def values(result: Measured) -> dict[str, str]:
    return {"on_one": percent(median(shares(result)))}


def figure(result: Measured) -> Figure:
    message = (
        f"Of the waiting after the first batch, {values(result)['on_one']} is for one. The other worker goes on until "
        "it has loaded what was assigned to it, and then waits too."
    )
    return timelines(result, {STRAGGLER: "a straggler: two workers"}, message)
