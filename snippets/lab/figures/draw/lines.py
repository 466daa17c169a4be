"""How one quantity follows another: panels that share both axes, lines with intervals, limits if any."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
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
    GRID,
    INK,
    PAPER,
    QUIET,
    ROLE_STYLES,
    Layout,
    paint,
    role_colour,
    text_width,
    wrap,
)
from snippets.lab.figures.figure import Lines, Panel, Series
from snippets.lab.numbers import NBSP, number

COLUMNS = 3
MANY_POINTS = 12
"""From so many points on, intervals are a band and points small: bars would run into each other."""

LABEL_MARK = 14.0
TITLE_ROW = 26.0
AXIS_ROW = 24.0
ROW_GAP = 12.0
DASHES = (4, 3)


@dataclass(frozen=True)
class _Axis:
    """Both axes, shared by all panels. `x` and `y`: where each begins and ends.

    `steps` holds the x values that lie at 0, 1, 2, … along the axis; it is empty for a linear x.
    """

    x: tuple[float, float]
    y: tuple[float, float]
    x_ticks: tuple[float, ...]
    y_ticks: tuple[float, ...]
    steps: tuple[float, ...]

    def at(self, x: float) -> float:
        """Where a value lies along the axis; between two steps, in proportion."""
        if not self.steps:
            return x
        return float(np.interp(x, self.steps, range(len(self.steps))))


@dataclass(frozen=True)
class _Label:
    """A direct label: the text of a line, the height where the line ends, and how to mark it."""

    lines: tuple[str, ...]
    middle: float
    series: Series | None
    hollow: bool


def draw(chart: Lines, layout: Layout) -> Sheet:
    """One sheet: what y is and which way is better, then panels in even rows of at most three, one by one if narrow."""
    rows = len(chart.panels) if layout.narrow else -(-len(chart.panels) // COLUMNS)
    columns = -(-len(chart.panels) // rows)
    plot_height = 150.0 if layout.narrow else (240.0 if columns == 1 else 180.0)

    label_room = 88.0 if layout.narrow else (150.0 if columns == 1 else 84.0)
    names = [s.label for p in chart.panels for s in p.series]
    names += [limit.label for p in chart.panels for limit in p.limits]
    wrapped = [line for name in names for line in wrap(name, layout.text, label_room)]
    gutter = 10 + LABEL_MARK + max(text_width(line, layout.text) for line in wrapped)

    y, y_ticks = _y_axis(chart, plot_height)
    left = max(text_width(number(tick, 6), layout.text) for tick in y_ticks) + 10
    width = (layout.width - left - columns * gutter) / columns - (columns - 1) * 8 / columns
    axis = _shared_axis(chart, y, y_ticks, width, layout)

    titles = [wrap(panel.title, layout.title, width + gutter - 8, bold=True) for panel in chart.panels]
    title_lines = max(map(len, titles))
    title_row = TITLE_ROW + (title_lines - 1) * LINE_HEIGHT if title_lines else 8.0
    row_height = title_row + plot_height + AXIS_ROW + ROW_GAP
    arrow = "↑" if chart.better == "higher" else "↓"
    y_name = wrap(f"{chart.y_label} ·{NBSP}{arrow}{NBSP}better", layout.text, layout.width)
    first_top = 5 + LINE_HEIGHT * len(y_name)
    sheet = new_sheet(layout, first_top + rows * row_height - ROW_GAP + 20)
    write_lines(sheet, 0, 9 + LINE_HEIGHT * (len(y_name) - 1) / 2, y_name, layout)

    for index, panel in enumerate(chart.panels):
        row, column = divmod(index, columns)
        plot_left = left + column * (width + gutter + 8)
        plot_top = first_top + row * row_height + title_row
        title_middle = plot_top - 13 - LINE_HEIGHT * (len(titles[index]) - 1) / 2
        write_lines(sheet, plot_left, title_middle, titles[index], layout, title=True)
        axes = add_axes(sheet, plot_left, plot_top, width, plot_height)
        axes.set_yscale(chart.y_scale)
        axes.set_xlim(*axis.x)
        axes.set_ylim(*axis.y)
        _draw_grid(axes, axis, layout, with_numbers=column == 0)
        labels = _draw_panel(axes, axis, panel, label_room, layout)
        _write_labels(sheet, labels, plot_left + width + 10, (plot_top, plot_top + plot_height), layout)
    bottom = first_top + rows * row_height - ROW_GAP + 8
    write(sheet, min(left, layout.width - text_width(chart.x_label, layout.text)), bottom, chart.x_label, layout)
    return sheet


def _y_axis(chart: Lines, height: float) -> tuple[tuple[float, float], tuple[float, ...]]:
    ends = [e for p in chart.panels for s in p.series for pt in s.points for e in (pt.y.low, pt.y.high)]
    ends += [y for p in chart.panels for limit in p.limits for _, y in limit.points]
    if chart.y_scale == "log":
        bounds = log_bounds(min(ends), max(ends))
        return bounds, tuple(log_ticks(*bounds))
    low, high = min(0.0, *ends), max(0.0, *ends)
    if high == low:
        high = low + 1
    # One step past the highest value, so that the top of the axis is a round number.
    ticks = linear_ticks(low, high, int(height // 40))
    step = ticks[1] - ticks[0] if len(ticks) > 1 else high - low
    if ticks[-1] < high:
        ticks.append(ticks[-1] + step)
    if ticks[0] > low:
        ticks.insert(0, ticks[0] - step)
    return (ticks[0], ticks[-1]), tuple(ticks)


def _shared_axis(
    chart: Lines, y: tuple[float, float], y_ticks: tuple[float, ...], width: float, layout: Layout
) -> _Axis:
    xs = sorted({point.x for panel in chart.panels for series in panel.series for point in series.points})
    if chart.x_steps:
        ends = (-0.15, len(xs) - 1 + 0.15) if len(xs) > 1 else (-0.5, 0.5)
        return _Axis(ends, y, tuple(xs), y_ticks, tuple(xs))
    low, high = xs[0], xs[-1]
    if low == high:
        low, high = low - 0.5, high + 0.5
    widest = max(text_width(number(x, 6), layout.text) for x in (low, high))
    counts = all(float(x).is_integer() for x in xs)
    return _Axis((low, high), y, tuple(linear_ticks(low, high, int(width // (widest + 24)), counts)), y_ticks, ())


def _draw_grid(axes: Axes, axis: _Axis, layout: Layout, *, with_numbers: bool) -> None:
    sheet = sheet_of(axes)
    for tick in {axis.y[0]: None} | dict.fromkeys(axis.y_ticks):
        start, y = place(axes, axis.x[0], tick)
        end, _ = place(axes, axis.x[1], tick)
        rule(sheet, (start, end), (y, y), QUIET if tick == 0 else GRID)
        if with_numbers and tick in axis.y_ticks:
            write(sheet, start - 8, y, number(tick, 6), layout, colour=QUIET, align="right")

    def span(tick: float) -> tuple[float, float]:
        x, _ = place(axes, axis.at(tick), axis.y[0])
        half = text_width(number(tick, 6), layout.text) / 2
        return x - half, x + half

    below = place(axes, axis.x[0], axis.y[0])[1] + 13

    def fits(ticks: Sequence[float]) -> bool:
        return all(span(a)[1] + 4 <= span(b)[0] for a, b in pairwise(ticks))

    for tick in thinned(axis.x_ticks, fits):
        write(sheet, sum(span(tick)) / 2, below, number(tick, 6), layout, colour=QUIET, align="center")


def _draw_panel(axes: Axes, axis: _Axis, panel: Panel, label_room: float, layout: Layout) -> list[_Label]:
    labels: list[_Label] = []
    for limit in panel.limits:
        xs = [axis.at(x) for x, _ in limit.points]
        ys = [y for _, y in limit.points]
        axes.plot(xs, ys, color=paint(INK), linewidth=1.1, dashes=DASHES, clip_on=False, zorder=4.5)
        middle = place(axes, xs[-1], ys[-1])[1]
        labels.append(_Label(wrap(limit.label, layout.text, label_room), middle, None, False))
    seen: set[str] = set()
    for series in panel.series:
        # A role keeps its colour and mark; a second line of the same role has its marks hollow.
        hollow = series.role in seen
        seen.add(series.role)
        _draw_series(axes, axis, series, hollow)
        last = max(series.points, key=lambda point: point.x)
        middle = place(axes, axis.at(last.x), last.y.median)[1]
        labels.append(_Label(wrap(series.label, layout.text, label_room), middle, series, hollow))
    return labels


def _draw_series(axes: Axes, axis: _Axis, series: Series, hollow: bool) -> None:
    colour = paint(role_colour(series.role))
    points = sorted(series.points, key=lambda point: point.x)
    xs = [axis.at(point.x) for point in points]
    middles = [point.y.median for point in points]
    lows = [point.y.low for point in points]
    highs = [point.y.high for point in points]
    many = len(points) > MANY_POINTS
    if many:
        axes.fill_between(xs, lows, highs, facecolor=colour, alpha=0.22, linewidth=0, clip_on=False, zorder=2)
    else:
        cap = 3.5 * (axis.x[1] - axis.x[0]) / axes.bbox.width
        axes.vlines(xs, lows, highs, colors=colour, linewidth=1.3, clip_on=False, zorder=3)
        for ends in (lows, highs):
            axes.hlines(
                ends,
                [x - cap for x in xs],
                [x + cap for x in xs],
                colors=colour,
                linewidth=1.3,
                clip_on=False,
                zorder=3,
            )
    axes.plot(
        xs,
        middles,
        color=colour,
        linewidth=1.8,
        marker=ROLE_STYLES[series.role].marker,
        markersize=4 if many else 7,
        markerfacecolor=paint(PAPER) if hollow else colour,
        markeredgecolor=colour,
        markeredgewidth=1.4 if hollow else 0,
        solid_joinstyle="round",
        clip_on=False,
        zorder=4,
    )


def _write_labels(sheet: Sheet, labels: list[_Label], left: float, room: tuple[float, float], layout: Layout) -> None:
    """Write each label beside the end of its line, pushed apart where they would touch."""
    labels = sorted(labels, key=lambda label: label.middle)
    heights = [LINE_HEIGHT * len(label.lines) for label in labels]
    middles = _spread([label.middle for label in labels], heights, room)
    for label, middle in zip(labels, middles, strict=True):
        top = middle - LINE_HEIGHT * (len(label.lines) - 1) / 2
        _draw_mark(sheet, label, left + 4, top)
        write_lines(sheet, left + LABEL_MARK, middle, label.lines, layout)


def _draw_mark(sheet: Sheet, label: _Label, x: float, middle: float) -> None:
    axes = add_axes(sheet, x - 5, middle - 5, 10, 10)
    axes.set_xlim(-5, 5)
    axes.set_ylim(-5, 5)
    if label.series is None:
        axes.plot([-5, 5], [0, 0], color=paint(INK), linewidth=1.1, dashes=DASHES, clip_on=False)
        return
    colour = paint(role_colour(label.series.role))
    axes.plot(
        [0],
        [0],
        linestyle="none",
        marker=ROLE_STYLES[label.series.role].marker,
        markersize=7,
        markerfacecolor=paint(PAPER) if label.hollow else colour,
        markeredgecolor=colour,
        markeredgewidth=1.4 if label.hollow else 0,
        clip_on=False,
    )


def _spread(middles: list[float], heights: list[float], room: tuple[float, float]) -> list[float]:
    """Push labels, sorted from the top, down until none touch, and back up where they left the panel."""
    if not middles:
        return []
    placed = list(middles)
    placed[0] = max(placed[0], room[0] + 5 + (heights[0] - LINE_HEIGHT) / 2)
    for index in range(1, len(placed)):
        gap = (heights[index - 1] + heights[index]) / 2
        placed[index] = max(placed[index], placed[index - 1] + gap)
    overshoot = placed[-1] + heights[-1] / 2 - (room[1] + LINE_HEIGHT / 2)
    if overshoot > 0:
        placed[-1] -= overshoot
        for index in range(len(placed) - 2, -1, -1):
            gap = (heights[index] + heights[index + 1]) / 2
            placed[index] = min(placed[index], placed[index + 1] - gap)
    return placed
