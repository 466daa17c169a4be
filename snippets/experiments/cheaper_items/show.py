"""Bars that go down like stairs: CPU time of an item after each step."""

import math

from snippets.experiments.cheaper_items.arms import (
    AS_WRITTEN,
    BYTES,
    CROPPED,
    MAPPED,
    PREPARED,
    SMALLER,
    STAIRS,
    STORED,
)
from snippets.experiments.estimates import in_milliseconds
from snippets.lab.figures.figure import Bar, BarGroup, Bars, Figure, Table
from snippets.lab.numbers import duration, number
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import interval

NAMES = {
    AS_WRITTEN: "as_written",
    CROPPED: "cropped",
    SMALLER: "smaller",
    BYTES: "bytes",
    STORED: "stored",
    MAPPED: "mapped",
    PREPARED: "prepared",
}


def workers(result: Measured, arm: str) -> int:
    """The rule's quotient, rounded up: batch ÷ step."""
    batch = result.estimate(arm).median * result.number("batch_size")
    return math.ceil(batch / result.number("step_seconds"))


def kilobytes(result: Measured, arm: str) -> str:
    return number(result.estimate(arm, "stored").median / 1e3, 2) + "\u00a0kB"


def values(result: Measured) -> dict[str, str]:
    found = {name: duration(result.estimate(arm).median) for arm, name in NAMES.items()}
    found |= {f"{NAMES[arm]}_size": kilobytes(result, arm) for arm in (AS_WRITTEN, STORED, MAPPED)}
    return found | {
        "batch_size": str(result.params["batch_size"]),
        "step": duration(result.number("step_seconds")),
        "workers_before": str(workers(result, AS_WRITTEN)),
        "workers_after": str(workers(result, MAPPED)),
    }


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"CPU time to load one photo, without workers. Each bar keeps the changes of those above it: "
        f"{say['as_written']} as written, {say['cropped']} with the crop first, {say['smaller']} decoded smaller, "
        f"{say['bytes']} as bytes, {say['stored']} from small files, {say['mapped']} from a map of decoded photos. Of "
        f"the work, {say['prepared']} per photo moves to the device when items are bytes."
    )
    stairs = tuple(Bar(arm, in_milliseconds(result, arm), "fetch") for arm in STAIRS)
    moved = (Bar(PREPARED, in_milliseconds(result, PREPARED), "step"),)
    chart = Bars(
        "ms of CPU per photo",
        "lower",
        (BarGroup("in the loader", stairs), BarGroup("left to the device", moved)),
    )
    rows = tuple(
        (arm, interval(in_milliseconds(result, arm)), kilobytes(result, arm) if arm in STAIRS else "–") for arm in NAMES
    )
    return Figure(message, chart, Table(("", "CPU time per photo, ms", "Read per photo"), rows))
