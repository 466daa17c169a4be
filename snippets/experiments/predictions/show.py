"""A row for each workload, with a mark for each count: how far off the predicted throughput is."""

from collections.abc import Sequence
from statistics import mean, median

from snippets.experiments.kinds import WORKLOADS
from snippets.experiments.predictions.arms import measured, predicted
from snippets.lab.figures.figure import Bar, BarGroup, Dots, Figure, Role, Table
from snippets.lab.numbers import counted, number, percent
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import estimate, interval

MARKS: dict[int, Role] = {2: "wait", 3: "fetch", 4: "receive", 8: "step"}
"""Counts, and the role whose mark each has."""


def workloads(result: Measured) -> list[str]:
    """Those that every round has: between two passes of the short form the day may change, and so does the draw."""
    rounds: dict[tuple[int, int], set[str]] = {}
    for sample in result.samples:
        rounds.setdefault((sample.pass_, sample.round), set()).add(sample.arm)
    return [name for name in WORKLOADS if all(name in arms for arms in rounds.values())]


def ratios(result: Measured, workload: str, what: str, count: int) -> list[float]:
    """Measured over predicted, round by round."""
    real = result.samples_of(workload, measured(what, count))
    model = result.samples_of(workload, predicted(what, count))
    return [seen / told for seen, told in zip(real, model, strict=True)]


def errors(result: Measured, workload: str, what: str, count: int) -> list[float]:
    """Shares by which the prediction is off, round by round: of what was measured."""
    return [abs(1 - 1 / ratio) for ratio in ratios(result, workload, what, count)]


def in_the_mean(result: Measured, names: Sequence[str], what: str = "throughput") -> list[float]:
    """The error, round by round: of these workloads and all counts."""
    counts = result.numbers("counts")
    return [
        mean(round_)
        for round_ in zip(*(errors(result, name, what, count) for name in names for count in counts), strict=True)
    ]


def late(result: Measured, names: Sequence[str]) -> list[float]:
    """How far off a delivery is in the mean, as a share of its epoch, round by round."""
    counts = result.numbers("counts")
    found = (result.samples_of(name, measured("deliveries", count)) for name in names for count in counts)
    return [mean(round_) for round_ in zip(*found, strict=True)]


def by_workload(result: Measured) -> dict[str, float]:
    """Of each workload the error of its throughput in the mean of its counts, in the round of the middle."""
    return {name: median(in_the_mean(result, [name])) for name in workloads(result)}


def values(result: Measured) -> dict[str, str]:
    found = by_workload(result)
    worst = max(found, key=lambda name: found[name])
    return {
        "workloads": str(len(found)),
        "drawn_on": str(result.params["drawn_on"]),
        "steps": number(result.number("steps")),
        "batches": number(result.number("batches")),
        "middle": percent(median(found.values())),
        "worst": WORKLOADS[worst],
        "worst_error": percent(found[worst]),
        "first": percent(median(in_the_mean(result, [*found], "first batch"))),
        "late": percent(median(late(result, [*found]))),
    }


def figure(result: Measured) -> Figure:
    say, counts = values(result), result.numbers("counts")
    rows = tuple(
        BarGroup(
            WORKLOADS[name],
            tuple(
                Bar(
                    f"{count} workers",
                    estimate([100 * error for error in errors(result, name, "throughput", count)]),
                    MARKS[count],
                )
                for count in counts
            ),
        )
        for name in workloads(result)
    )
    message = (
        f"How far off the predicted throughput is, for {counted(len(rows), 'workload')}. The median error is "
        f"{say['middle']}, and the largest is {say['worst_error']}, on {say['worst']}."
    )
    header = ("Workload", *(f"{count} workers, measured over predicted" for count in counts), "First batch, the same")
    table = tuple(
        (
            WORKLOADS[name],
            *(interval(estimate(ratios(result, name, "throughput", count))) for count in counts),
            number(median(ratio for count in counts for ratio in ratios(result, name, "first batch", count))),
        )
        for name in workloads(result)
    )
    chart = Dots("% of the measured throughput that the prediction is off", "lower", rows)
    return Figure(message, chart, Table(header, table))
