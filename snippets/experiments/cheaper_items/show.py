"""Bars that go down like stairs: CPU time of an item after each step."""

import math

from snippets.experiments.cheaper_items.arms import (
    AS_WRITTEN,
    BYTES,
    CACHED,
    CACHES,
    CROPPED,
    KEPT,
    MAPPED,
    NEW,
    PACKED,
    PREPARED,
    SHARED,
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
    PACKED: "packed",
    MAPPED: "mapped",
    CACHED: "cached",
    NEW: "new",
    KEPT: "kept",
    SHARED: "shared",
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
    again = result.estimate(KEPT, "decoded").median * result.number("photos")
    return found | {
        "photos": str(result.params["photos"]),
        "kept_again": number(again),
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
        f"{say['bytes']} as bytes, {say['stored']} from small files, {say['packed']} from one file of them, "
        f"{say['mapped']} from a map of decoded photos. A cache of what “{BYTES}” decodes, in its second epoch: "
        f"{say['cached']} without workers; {say['new']} with two new workers that have caches of their own, "
        f"{say['kept']} with two that are kept, {say['shared']} with a cache that they share. Of the work, "
        f"{say['prepared']} per photo moves to the device when items are bytes."
    )
    stairs = tuple(Bar(arm, in_milliseconds(result, arm), "fetch") for arm in STAIRS)
    caches = tuple(Bar(arm, in_milliseconds(result, arm), "fetch") for arm in CACHES)
    moved = (Bar(PREPARED, in_milliseconds(result, PREPARED), "step"),)
    chart = Bars(
        "ms of CPU per photo",
        "lower",
        (
            BarGroup("in the loader, step by step", stairs),
            BarGroup(f"or a cache after “{BYTES}”, in its second epoch", caches),
            BarGroup("left to the device", moved),
        ),
    )
    rows = tuple(
        (arm, interval(in_milliseconds(result, arm)), "–" if arm == PREPARED else kilobytes(result, arm))
        for arm in NAMES
    )
    return Figure(message, chart, Table(("", "CPU time per photo, ms", "Read per photo"), rows))
