"""What was waited for in a traced run, batch by batch, and the numbers that tell one signature from another."""

from snippets.experiments.estimates import in_milliseconds
from snippets.experiments.signatures.arms import EPOCH
from snippets.lab.figures.figure import Figure, Table
from snippets.lab.figures.timelines import timeline
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import interval


def batches(result: Measured, arm: str) -> list[str]:
    """`wait 0`, `wait 1`, … of the arm's runs, in order."""
    return [f"wait {number}" for number in range(int(result.number(f"batches, {arm}")))]


def waits(result: Measured, arm: str) -> list[list[float]]:
    """Seconds before each batch, for each round."""
    by_batch = [result.samples_of(arm, name) for name in batches(result, arm)]
    return [list(each) for each in zip(*by_batch, strict=True)]


def longest_of_each(count: int, waited: list[float]) -> float:
    """Of the time waited after the first `count` batches: the part that was spent on one batch in every `count`."""
    groups = [waited[at : at + count] for at in range(count, len(waited), count)]
    return sum(map(max, groups)) / sum(map(sum, groups))


def on_the_longest(waited: list[float]) -> float:
    """Of the time waited after the first batch: the part that was spent on a single one."""
    return max(waited[1:]) / sum(waited[1:])


def on_first_batches(waited: list[float]) -> float:
    """Of the time waited: the part that was spent on the first batch of each epoch."""
    return sum(waited[::EPOCH]) / sum(waited)


def evenness(waited: list[float]) -> float:
    """The shortest wait after the first three batches over the longest."""
    return min(waited[3:]) / max(waited[3:])


def timelines(result: Measured, titles: dict[str, str], message: str) -> Figure:
    """The median run of each arm, and how long the step waited for each batch."""
    longest = max(len(batches(result, arm)) for arm in titles)
    rows = []
    for number in range(longest):
        cells = [
            interval(in_milliseconds(result, arm, f"wait {number}"))
            for arm in titles
            if number < len(batches(result, arm))
        ]
        rows.append((str(number), *cells))
    header = ("Batch", *(f"{arm}, wait in ms" for arm in titles))
    return Figure(message, timeline(result, titles), Table(header, tuple(rows)))
