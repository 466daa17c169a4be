"""What a figure says, as plain data: filled from a result, drawn by `lab.figures.drawing`, read by `lab.markdown`.

No matplotlib and no torch here, so that an experiment can describe its picture without either.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from snippets.lab.instruments.experiment import Better
from snippets.lab.results.stats import Estimate

Role = Literal["start-up", "fetch", "collate", "receive", "wait", "step", "shutdown"]
"""What a process is doing; one colour and one hatch each, the same in every picture of the site."""

Scale = Literal["linear", "log"]


@dataclass(frozen=True)
class Bar:
    """One value with its interval, in the chart's unit. `role` gives it its colour."""

    label: str
    value: Estimate
    role: Role


@dataclass(frozen=True)
class BarGroup:
    """Bars that are compared with each other; `label` is the heading above them ("" for none)."""

    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Bars:
    """Horizontal bars from zero (or, on a log scale, dots), each with its interval and its value. `unit`: of all
    values; s, ms and µs are shown as the one of these that reads best. `better`: None where neither way is.
    """

    unit: str
    better: Better | None
    groups: tuple[BarGroup, ...]
    scale: Scale = "linear"


@dataclass(frozen=True)
class Dots:
    """Marks with their intervals on one axis: a row for each group, in which each bar is a mark. A key names the marks:
    those of one label are the same in every row. `unit`: of all values.
    """

    unit: str
    better: Better
    rows: tuple[BarGroup, ...]


@dataclass(frozen=True)
class Point:
    """In the units that the labels of the axes name."""

    x: float
    y: Estimate


@dataclass(frozen=True)
class Series:
    """One measured line, with its interval, labelled at its end."""

    label: str
    role: Role
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Limit:
    """A physical limit: always the same thin dashed line, labelled where it ends. `points`: (x, y), two or more."""

    label: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Panel:
    """One of the plots of `Lines`. `limits`: all alike, and told apart by their labels."""

    title: str
    series: tuple[Series, ...]
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True)
class Lines:
    """Panels side by side that share both axes. `x_label` and `y_label` say what is on them, with its unit. `x_steps`:
    the values of x are even steps (0, 1, 2, 4, 8 workers).
    """

    x_label: str
    y_label: str
    better: Better
    panels: tuple[Panel, ...]
    x_steps: bool = False
    y_scale: Scale = "linear"


@dataclass(frozen=True)
class Span:
    """One process doing one thing: `start` and `end` in seconds since its run began; `batch`: its number, if any."""

    role: Role
    start: float
    end: float
    batch: int | None = None


@dataclass(frozen=True)
class Lane:
    """One process. Lanes are always in the order main, then the GPU if there is one, then the workers."""

    label: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Run:
    """One run of a loader: its lanes, and when it ended, in seconds since it began."""

    title: str
    lanes: tuple[Lane, ...]
    end: float


@dataclass(frozen=True)
class Timeline:
    """Runs one above the other on one time axis. `names`: for a role, what the key calls it here ("step (timed wait)");
    others are called by their role.
    """

    runs: tuple[Run, ...]
    names: tuple[tuple[Role, str], ...] = ()


Chart = Bars | Dots | Lines | Timeline


@dataclass(frozen=True)
class Table:
    """The numbers of a figure, ready to read: a header and rows of text."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Figure:
    """A chart, the sentence that says what to see in it (made from the numbers), and the numbers.

    `message` is also the picture's text alternative.
    """

    message: str
    chart: Chart
    table: Table


def problems(chart: Chart) -> Iterable[str]:
    """A message for each thing that makes it undrawable, as nothing can have measured it: an unknown role, NaN, an
    interval without its median.
    """
    match chart:
        case Bars():
            return _of_bars(chart)
        case Dots():
            return _of_dots(chart)
        case Lines():
            return _of_lines(chart)
        case Timeline():
            return _of_timeline(chart)
    return [f"cannot draw a {type(chart).__name__}"]  # pyrefly: ignore[unreachable]: of who checks no types


def _of_bars(chart: Bars) -> Iterable[str]:
    if not chart.groups:
        yield "no data: no groups"
    for group in chart.groups:
        if not group.bars:
            yield f"no data: no bars in group {group.label!r}"
        for bar in group.bars:
            yield from _role(bar.role)
            yield from _estimate(bar.value, repr(bar.label), positive=chart.scale == "log")


def _of_dots(chart: Dots) -> Iterable[str]:
    if not chart.rows:
        yield "no data: no rows"
    for row in chart.rows:
        if not row.bars:
            yield f"no data: no marks in row {row.label!r}"
        for bar in row.bars:
            yield from _role(bar.role)
            yield from _estimate(bar.value, f"{bar.label!r} in row {row.label!r}", positive=False)


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
