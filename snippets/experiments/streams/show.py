"""Bars for a step: without a copy, with a copy on its own stream, and with one on another."""

from snippets.experiments.estimates import in_milliseconds
from snippets.experiments.streams.arms import ALREADY, OWN, SAME
from snippets.lab.figures.figure import Bar, BarGroup, Bars, Figure, Table
from snippets.lab.numbers import duration
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import interval


def values(result: Measured) -> dict[str, str]:
    return {
        "already": duration(result.estimate(ALREADY).median),
        "same": duration(result.estimate(SAME).median),
        "own": duration(result.estimate(OWN).median),
        "copy": duration(result.estimate(SAME, "copy").median),
        "batch": f"{int(result.number('batch_bytes')) // 2**20} MiB",
    }


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"A copy of {say['batch']} from pinned memory takes the GPU {say['copy']}. A step takes {say['already']} with "
        f"batches that are on the GPU already, {say['same']} with a copy before it on the same stream, and "
        f"{say['own']} where the next batch is copied meanwhile, on a stream of its own."
    )
    arms = (ALREADY, SAME, OWN)
    rows = tuple(
        (
            arm,
            interval(in_milliseconds(result, arm), "ms"),
            duration(result.estimate(arm, "step").median),
            "" if arm == ALREADY else duration(result.estimate(arm, "copy").median),
        )
        for arm in arms
    )
    table = Table(("", "From step to step", "Computing", "Copying"), rows)
    bars = tuple(Bar(arm, result.estimate(arm), "step") for arm in arms)
    return Figure(message, Bars("s", "lower", (BarGroup("", bars),)), table)
