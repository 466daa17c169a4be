"""Dots on a log scale, two for each kind of data."""

from snippets.experiments.kinds_of_data.arms import (
    BY_LENGTH,
    LISTS,
    MAPPED,
    ROWS,
    SHUFFLED,
    SOUGHT,
    TOKENISED,
    WHOLE,
)
from snippets.lab.figures.figure import Bar, BarGroup, Bars, Figure, Table
from snippets.lab.numbers import duration, percent
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import Estimate, estimate, interval

PAIRS = {
    "a text, as tokens": {"tokenised at each fetch": TOKENISED, "from a map of tokens": MAPPED},
    "a text, batched and embedded": {"in random order": SHUFFLED, "by length": BY_LENGTH},
    "a row of a table": {"fetched by itself": ROWS, "fetched with its batch": LISTS},
    "a crop of a sound": {"whole file read": WHOLE, "sought": SOUGHT},
}


def in_microseconds(result: Measured, arm: str) -> Estimate:
    return estimate([1e6 * seconds for seconds in result.samples_of(arm)])


def values(result: Measured) -> dict[str, str]:
    return {
        "tokenised": duration(result.estimate(TOKENISED).median),
        "mapped": duration(result.estimate(MAPPED).median),
        "shuffled": percent(result.estimate(SHUFFLED, "padding").median),
        "by_length": percent(result.estimate(BY_LENGTH, "padding").median),
        "row": duration(result.estimate(ROWS).median),
        "listed": duration(result.estimate(LISTS).median),
        "whole": duration(result.estimate(WHOLE).median),
        "sought": duration(result.estimate(SOUGHT).median),
    }


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"A text takes {say['tokenised']} to tokenise and {say['mapped']} from a map of tokens; "
        f"padding is {say['shuffled']} of batches in random order and {say['by_length']} of batches by length; a row "
        f"of a table takes {say['row']} by itself and {say['listed']} with its batch; a crop of a sound takes "
        f"{say['whole']} from the whole file and {say['sought']} when it is sought."
    )
    groups = tuple(
        BarGroup(kind, tuple(Bar(way, in_microseconds(result, arm), "fetch") for way, arm in ways.items()))
        for kind, ways in PAIRS.items()
    )
    rows = tuple(
        (f"{kind}: {way}", interval(in_microseconds(result, arm)))
        for kind, ways in PAIRS.items()
        for way, arm in ways.items()
    )
    chart = Bars("µs of CPU per item", "lower", groups, "log")
    return Figure(message, chart, Table(("", "CPU time per item, µs"), rows))
