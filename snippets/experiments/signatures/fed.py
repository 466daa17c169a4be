"""Two workers that keep up."""

from statistics import median

from snippets.experiments.signatures.arms import FED
from snippets.experiments.signatures.waits import timelines, waits
from snippets.lab.figures.figure import Figure
from snippets.lab.numbers import duration
from snippets.lab.results.results import Measured


def values(result: Measured) -> dict[str, str]:
    return {
        "first": duration(median(waited[0] for waited in waits(result, FED))),
        "later": duration(median(max(waited[1:]) for waited in waits(result, FED))),
    }


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"The first batch is waited for, {say['first']}; after it no wait is longer than {say['later']}. The workers’ "
        "lanes have gaps: they wait for the step."
    )
    return timelines(result, {FED: "fed: two workers"}, message)
