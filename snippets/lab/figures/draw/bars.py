"""Quantities compared: bars from zero, or dots on a log scale, each with its interval and value."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Sheet

from snippets.lab.figures.draw.sheet import (
    LINE_HEIGHT,
    add_axes,
    linear_ticks,
    log_bounds,
    log_ticks,
    new_sheet,
    place,
    rule,
    sheet_of,
    thinned,
    write,
    write_lines,
)
from snippets.lab.figures.draw.style import (
    INK,
    PAPER,
    QUIET,
    ROLE_STYLES,
    Layout,
    haloed,
    paint,
    role_colour,
    role_fill,
    text_width,
    wrap,
)
from snippets.lab.figures.figure import Bar, Bars
from snippets.lab.numbers import TIME_UNITS, duration, in_time_unit, number
from snippets.lab.results.stats import Estimate

BAR = 17.0
BAR_GAP = 9.0
HEADING_ROW = 24.0
GROUP_GAP = 14.0
LABEL_COLUMN = 250.0
LABEL_GAP = 12.0
CAP = 3.0


@dataclass(frozen=True)
class _Row:
    """Where a bar and its label go: heights of their middles."""

    bar: Bar
    lines: tuple[str, ...]
    label_middle: float
    middle: float


def draw(chart: Bars, layout: Layout) -> Sheet:
    """One sheet: each group's heading and bars, and one axis below all."""
    values = [bar.value for group in chart.groups for bar in group.bars]
    low, high = min(value.low for value in values), max(value.high for value in values)
    log = chart.scale == "log"
    ends = log_bounds(low, high) if log else _linear_bounds(low, high)
    seconds = TIME_UNITS.get(chart.unit)

    def label(value: float) -> str:
        return number(value) if seconds is None else duration(value * seconds)

    rows, headings, bottom = _lay_out(chart, layout)
    column = 0.0
    if not layout.narrow:
        column = LABEL_GAP + max(text_width(line, layout.text) for row in rows for line in row.lines)
    # A dot at the very start of a log axis needs room for its left half.
    left = column + (6 if log else 1)
    width = layout.width - left - 12 - max(text_width(label(value.median), layout.text) for value in values)

    sheet = new_sheet(layout, bottom + 44)
    axes = add_axes(sheet, left, 0, width, bottom)
    axes.set_ylim(bottom, 0)
    axes.set_xscale(chart.scale)
    axes.set_xlim(*ends)
    stretches = _stretches(rows, bottom, layout)
    _draw_axis(axes, chart, ends, stretches, bottom, layout)

    for lines, middle in headings:
        write_lines(sheet, 0, middle, lines, layout, title=True)
    for row in rows:
        if layout.narrow:
            write_lines(sheet, 0, row.label_middle, row.lines, layout)
        else:
            write_lines(sheet, column - LABEL_GAP, row.label_middle, row.lines, layout, align="right")
        (_draw_dot if log else _draw_bar)(axes, row)
        x, _ = place(axes, row.bar.value.high, 0)
        write(sheet, x + 8, row.middle, label(row.bar.value.median), layout, colour=haloed(INK, PAPER))
    if not log:
        x, _ = place(axes, 0, 0)
        for stretch in stretches:
            rule(sheet, (x, x), stretch, QUIET, order=3)
    return sheet


def _stretches(rows: list[_Row], bottom: float, layout: Layout) -> list[tuple[float, float]]:
    """From where to where lines across the axis run: in the narrow layout labels lie between the bars."""
    if layout.narrow:
        return [(row.middle - BAR / 2 - 2, row.middle + BAR / 2 + 2) for row in rows]
    return [(rows[0].middle - BAR / 2 - 4, bottom)]


def _draw_axis(
    axes: Axes,
    chart: Bars,
    ends: tuple[float, float],
    stretches: list[tuple[float, float]],
    bottom: float,
    layout: Layout,
) -> None:
    sheet = sheet_of(axes)
    log = chart.scale == "log"
    seconds = TIME_UNITS.get(chart.unit)
    factor, unit = in_time_unit(chart.unit, ends[1])
    if log:
        ticks = log_ticks(*ends)
    else:
        low, high = ends
        at_most = 4 if layout.narrow else 6
        ticks = [tick / factor for tick in linear_ticks(low * factor, high * factor, at_most, _are_counts(chart))]

    def label(tick: float) -> str:
        # Over decades no single unit of time reads well, so each number carries its own.
        return duration(tick * seconds) if log and seconds else number(tick * factor, 6)

    def span(tick: float) -> tuple[float, float]:
        half = text_width(label(tick), layout.text) / 2
        # At the sheet's edge a centred number would be cut off.
        centre = max(place(axes, tick, 0)[0], half)
        return centre - half, centre + half

    def fits(some: Sequence[float]) -> bool:
        return all(span(a)[1] + 8 <= span(b)[0] for a, b in pairwise(some))

    for tick in ticks:
        x, _ = place(axes, tick, 0)
        for stretch in stretches:
            rule(sheet, (x, x), stretch)
    for tick in thinned(ticks, fits):
        write(sheet, sum(span(tick)) / 2, bottom + 12, label(tick), layout, colour=QUIET, align="center")

    # The unit, and which way is better, stand at the end of the axis where it is best; where neither is, at its start.
    name = "time" if log and seconds else unit
    if chart.better == "higher":
        text = f"{name} · better →"
        right = max(place(axes, ends[1], 0)[0], min(layout.width, text_width(text, layout.text)))
        write(sheet, right, bottom + 32, text, layout, align="right")
    else:
        text = f"← better · {name}" if chart.better else name
        start = min(place(axes, ends[0], 0)[0], max(0.0, layout.width - text_width(text, layout.text)))
        write(sheet, start, bottom + 32, text, layout)


def _are_counts(chart: Bars) -> bool:
    values = [bar.value for group in chart.groups for bar in group.bars]
    return all(float(end).is_integer() for value in values for end in (value.low, value.median, value.high))


def _linear_bounds(low: float, high: float) -> tuple[float, float]:
    low, high = min(0.0, low), max(0.0, high)
    return (low, high) if high > low else (0.0, 1.0)


def _lay_out(chart: Bars, layout: Layout) -> tuple[list[_Row], list[tuple[tuple[str, ...], float]], float]:
    """Rows, headings (lines, middle) and the height where the axis begins."""
    rows: list[_Row] = []
    headings: list[tuple[tuple[str, ...], float]] = []
    y = 0.0
    for group in chart.groups:
        if group.label:
            heading = wrap(group.label, layout.title, layout.width, bold=True)
            more = LINE_HEIGHT * (len(heading) - 1)
            headings.append((heading, y + 9 + more / 2))
            y += HEADING_ROW + more
        for bar in group.bars:
            lines = wrap(bar.label, layout.text, layout.width if layout.narrow else LABEL_COLUMN)
            text_height = LINE_HEIGHT * len(lines)
            if layout.narrow:
                middle = y + text_height + 2 + BAR / 2
                rows.append(_Row(bar, lines, y + text_height / 2, middle))
                y = middle + BAR / 2 + BAR_GAP + 2
            else:
                height = max(BAR, text_height)
                rows.append(_Row(bar, lines, y + height / 2, y + height / 2))
                y += height + BAR_GAP
        y += GROUP_GAP
    return rows, headings, y - GROUP_GAP - BAR_GAP + 6


def _draw_bar(axes: Axes, row: _Row) -> None:
    role, value = row.bar.role, row.bar.value
    outlined = role == "wait"
    axes.barh(
        row.middle,
        value.median,
        height=BAR,
        facecolor=paint(role_fill(role)),
        edgecolor=paint(role_colour(role)) if outlined else "none",
        linewidth=0.8 if outlined else 0,
        clip_on=False,
        zorder=2,
    )
    # A pale edge keeps the interval apart from the bar that it ends in.
    _draw_interval(axes, value, row.middle, PAPER, 3.6, CAP + 1)
    _draw_interval(axes, value, row.middle, INK, 1.3, CAP)


def _draw_dot(axes: Axes, row: _Row) -> None:
    role, value = row.bar.role, row.bar.value
    _draw_interval(axes, value, row.middle, role_colour(role), 1.5, CAP + 1)
    axes.plot(
        [value.median],
        [row.middle],
        marker=ROLE_STYLES[role].marker,
        markersize=9,
        markerfacecolor=paint(role_colour(role)),
        markeredgewidth=0,
        linestyle="none",
        clip_on=False,
        zorder=4,
    )


def _draw_interval(axes: Axes, value: Estimate, middle: float, colour: str, width: float, cap: float) -> None:
    ends = [value.low, value.high]
    axes.hlines(middle, *ends, colors=paint(colour), linewidth=width, clip_on=False, zorder=3)
    axes.vlines(ends, middle - cap, middle + cap, colors=paint(colour), linewidth=width, clip_on=False, zorder=3)
