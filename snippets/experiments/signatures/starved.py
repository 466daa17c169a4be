"""One worker that does not keep up."""

from statistics import median

from snippets.experiments.signatures.arms import STARVED
from snippets.experiments.signatures.waits import timelines, waits
from snippets.lab.figures.figure import Figure
from snippets.lab.numbers import duration
from snippets.lab.results.results import Measured


def values(result: Measured) -> dict[str, str]:
    return {"each": duration(median(median(waited[3:]) for waited in waits(result, STARVED)))}


def figure(result: Measured) -> Figure:
    message = (
        f"Every batch is waited for, {values(result)['each']} each. The worker’s lane has no gaps: it is what is full."
    )
    return timelines(result, {STARVED: "starved: one worker"}, message)
