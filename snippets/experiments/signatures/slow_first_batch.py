"""Workers that are slow to begin, in two epochs."""

from statistics import median

from snippets.experiments.signatures.arms import SLOW_FIRST_BATCH
from snippets.experiments.signatures.waits import on_first_batches, timelines, waits
from snippets.lab.figures.figure import Figure
from snippets.lab.numbers import percent
from snippets.lab.results.results import Measured


def shares(result: Measured) -> list[float]:
    """Of the waiting in both epochs, the part spent on their first batches, round by round."""
    return [on_first_batches(waited) for waited in waits(result, SLOW_FIRST_BATCH)]


def values(result: Measured) -> dict[str, str]:
    return {"on_first": percent(median(shares(result)))}


def figure(result: Measured) -> Figure:
    message = (
        f"Of the waiting in two epochs, {values(result)['on_first']} is for the first batch of each: the workers are "
        "new in each epoch, and each prepares itself at its first item."
    )
    return timelines(result, {SLOW_FIRST_BATCH: "a slow first batch: two workers, two epochs"}, message)
