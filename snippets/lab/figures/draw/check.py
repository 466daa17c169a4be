"""What no chart may be made of, for it was not measured: an unknown role, NaN, an interval without its median.

Each function yields a message per fault; `where` is the place that the message names. None needs matplotlib.
"""

import math
from collections.abc import Iterable
from typing import get_args

from snippets.lab.figures.figure import Bars, Chart, Lines, Role, Timeline
from snippets.lab.results.stats import Estimate


def problems(chart: Chart) -> Iterable[str]:
    """What makes it undrawable."""
    match chart:
        case Bars():
            return _of_bars(chart)
        case Lines():
            return _of_lines(chart)
        case Timeline():
            return _of_timeline(chart)
    return [f"cannot draw a {type(chart).__name__}"]


def _of_bars(chart: Bars) -> Iterable[str]:
    if not chart.groups:
        yield "no data: no groups"
    for group in chart.groups:
        if not group.bars:
            yield f"no data: no bars in group {group.label!r}"
        for bar in group.bars:
            yield from _role(bar.role)
            yield from _estimate(bar.value, repr(bar.label), positive=chart.scale == "log")


def _of_lines(chart: Lines) -> Iterable[str]:
    log = chart.y_scale == "log"
    if not chart.panels:
        yield "no data: no panels"
    for panel in chart.panels:
        if not panel.series:
            yield f"no data: no series in panel {panel.title!r}"
        for series in panel.series:
            yield from _role(series.role)
            if not series.points:
                yield f"no data: no points in series {series.label!r}"
            for point in series.points:
                where = f"{series.label!r} at x = {point.x}"
                yield from _finite(where, point.x)
                yield from _estimate(point.y, where, positive=log)
        for limit in panel.limits:
            where = f"limit {limit.label!r}"
            if len(limit.points) < 2:
                yield f"{where} needs two points or more"
            for x, y in limit.points:
                yield from _finite(where, x, y)
                if log and y <= 0:
                    yield f"{where} is not above zero on a log scale"


def _of_timeline(chart: Timeline) -> Iterable[str]:
    if not chart.runs:
        yield "no data: no runs"
    for run in chart.runs:
        where = f"run {run.title!r}"
        yield from _finite(where, run.end)
        if not any(lane.spans for lane in run.lanes):
            yield f"no data: no spans in {where}"
        if not run.end > 0:
            yield f"{where} does not end after it began"
        for lane in run.lanes:
            for span in lane.spans:
                yield from _role(span.role)
                yield from _finite(f"{where}, {lane.label!r}", span.start, span.end)
                if not 0 <= span.start <= span.end:
                    yield f"{where}, {lane.label!r}: a span from {span.start} to {span.end}"


def _role(role: str) -> Iterable[str]:
    if role not in get_args(Role):
        yield f"unknown role {role!r}"


def _finite(where: str, *values: float) -> Iterable[str]:
    for value in values:
        if not math.isfinite(value):
            yield f"{where}: {value} is not a number to draw"


def _estimate(value: Estimate, where: str, *, positive: bool) -> Iterable[str]:
    yield from _finite(where, value.low, value.median, value.high)
    if not value.low <= value.median <= value.high and not math.isnan(value.low + value.median + value.high):
        yield f"{where}: the interval {value.low} to {value.high} does not hold the median {value.median}"
    if positive and value.low <= 0:
        yield f"{where} is not above zero on a log scale"
