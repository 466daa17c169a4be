"""Four workers that do not keep up."""

from statistics import median

from snippets.experiments.signatures.arms import BURST, BURSTS
from snippets.experiments.signatures.waits import longest_of_each, timelines, waits
from snippets.lab.figures.figure import Figure
from snippets.lab.numbers import percent
from snippets.lab.results.results import Measured


def shares(result: Measured) -> list[float]:
    """Of the waiting after the first four batches, the part spent on one in every four, round by round."""
    return [longest_of_each(BURST, waited) for waited in waits(result, BURSTS)]


def values(result: Measured) -> dict[str, str]:
    return {"on_one_in_four": percent(median(shares(result)))}


def figure(result: Measured) -> Figure:
    message = (
        f"Four workers begin together, so they end together: of the waiting after the first burst, "
        f"{values(result)['on_one_in_four']} is for one batch in four."
    )
    return timelines(result, {BURSTS: "bursts: four workers"}, message)
