"""Several marks in each row of one axis from zero: who reaches what, where."""

from collections.abc import Sequence
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Sheet

from snippets.lab.figures.draw.sheet import (
    LINE_HEIGHT,
    add_axes,
    linear_ticks,
    new_sheet,
    place,
    rule,
    thinned,
    write,
    write_lines,
)
from snippets.lab.figures.draw.style import GRID, QUIET, ROLE_STYLES, Layout, paint, role_colour, text_width, wrap
from snippets.lab.figures.figure import BarGroup, Dots, Role
from snippets.lab.numbers import number

LANE = 5.0
"""How far below each other the marks of a row lie, so that equal ones are both seen."""
ROW_GAP = 14.0
LABEL_COLUMN, LABEL_GAP = 230.0, 14.0
KEY_ROW, KEY_MARK = 22.0, 14.0
MARK = 7.0


def draw(chart: Dots, layout: Layout) -> Sheet:
    """One sheet: the key, a row for each group, and one axis below all. A mark has the same place in each row."""
    lanes: dict[str, Role] = {bar.label: bar.role for row in chart.rows for bar in row.bars}
    lane_of = {label: index for index, label in enumerate(lanes)}
    key = _key_rows(lanes, layout)
    top = len(key) * KEY_ROW + 8
    labels = [wrap(row.label, layout.text, layout.width if layout.narrow else LABEL_COLUMN) for row in chart.rows]
    marks_height = LANE * (len(lanes) - 1)

    left = 6.0 if layout.narrow else LABEL_GAP + max(text_width(line, layout.text) for some in labels for line in some)
    middles, label_middles, bottom = _lay_out(labels, marks_height, top, layout)
    sheet = new_sheet(layout, bottom + 44)
    axes = add_axes(sheet, left, top, layout.width - left - 16, bottom - top)
    axes.set_xlim(*_ends(chart))
    axes.set_ylim(bottom, top)

    for index, entries in enumerate(key):
        for x, label, role in entries:
            _draw_sample(sheet, x, index * KEY_ROW + 9, role)
            write(sheet, x + KEY_MARK + 2, index * KEY_ROW + 9, label, layout)
    _draw_axis(sheet, axes, chart, middles, marks_height, bottom, layout)
    for row, lines, middle, label_middle in zip(chart.rows, labels, middles, label_middles, strict=True):
        align = "left" if layout.narrow else "right"
        write_lines(sheet, 0 if layout.narrow else left - LABEL_GAP, label_middle, lines, layout, align=align)
        _draw_row(axes, row, lane_of, middle - marks_height / 2)
    return sheet


def _ends(chart: Dots) -> tuple[float, float]:
    high = max(bar.value.high for row in chart.rows for bar in row.bars)
    return min(0.0, *(bar.value.low for row in chart.rows for bar in row.bars)), high if high > 0 else 1.0


def _lay_out(
    labels: Sequence[Sequence[str]], marks_height: float, top: float, layout: Layout
) -> tuple[list[float], list[float], float]:
    """Heights of the middles of the rows' marks and of their labels, and where the axis begins."""
    middles: list[float] = []
    label_middles: list[float] = []
    y = top
    for lines in labels:
        text_height = LINE_HEIGHT * len(lines)
        if layout.narrow:
            label_middles.append(y + text_height / 2)
            middles.append(y + text_height + MARK / 2 + marks_height / 2)
            y = middles[-1] + marks_height / 2 + ROW_GAP
        else:
            height = max(marks_height + MARK, text_height)
            label_middles.append(y + height / 2)
            middles.append(y + height / 2)
            y += height + ROW_GAP - MARK / 2
    return middles, label_middles, y


def _draw_axis(
    sheet: Sheet,
    axes: Axes,
    chart: Dots,
    middles: Sequence[float],
    marks_height: float,
    bottom: float,
    layout: Layout,
) -> None:
    low, high = axes.get_xlim()
    ticks = linear_ticks(low, high, 5 if layout.narrow else 10)

    def span(tick: float) -> tuple[float, float]:
        x, half = place(axes, tick, bottom)[0], text_width(number(tick, 6), layout.text) / 2
        return max(x, half) - half, max(x, half) + half

    def fits(some: Sequence[float]) -> bool:
        return all(span(a)[1] + 8 <= span(b)[0] for a, b in pairwise(some))

    half = marks_height / 2 + MARK / 2 + 1
    stretches = [(m - half, m + half) for m in middles] if layout.narrow else [(middles[0] - half, bottom)]
    for tick in ticks:
        x, _ = place(axes, tick, bottom)
        for stretch in stretches:
            rule(sheet, (x, x), stretch, QUIET if tick == 0 else GRID)
    for tick in thinned(ticks, fits):
        write(sheet, sum(span(tick)) / 2, bottom + 12, number(tick, 6), layout, colour=QUIET, align="center")
    text = f"{chart.unit} · better →" if chart.better == "higher" else f"← better · {chart.unit}"
    right, width = place(axes, high, bottom)[0], text_width(text, layout.text)
    if chart.better == "higher":
        write(sheet, max(right, width), bottom + 32, text, layout, align="right")
    else:
        write(sheet, max(0.0, min(place(axes, low, bottom)[0], layout.width - width)), bottom + 32, text, layout)


def _draw_row(axes: Axes, row: BarGroup, lane_of: dict[str, int], top: float) -> None:
    for bar in row.bars:
        y, colour = top + LANE * lane_of[bar.label], paint(role_colour(bar.role))
        axes.hlines(y, bar.value.low, bar.value.high, colors=colour, linewidth=1.3, clip_on=False, zorder=3)
        _draw_mark(axes, bar.value.median, y, bar.role)


def _draw_mark(axes: Axes, x: float, y: float, role: Role) -> None:
    axes.plot(
        [x],
        [y],
        marker=ROLE_STYLES[role].marker,
        markersize=MARK,
        color=paint(role_colour(role)),
        markeredgewidth=0,
        linestyle="none",
        clip_on=False,
        zorder=4,
    )


def _draw_sample(sheet: Sheet, x: float, middle: float, role: Role) -> None:
    axes = add_axes(sheet, x, middle - 5, 10, 10)
    axes.set_xlim(-5, 5)
    axes.set_ylim(-5, 5)
    _draw_mark(axes, 0, 0, role)


def _key_rows(lanes: dict[str, Role], layout: Layout) -> list[list[tuple[float, str, Role]]]:
    """The key, broken into rows: (left end, label, role)."""
    rows: list[list[tuple[float, str, Role]]] = [[]]
    x = 0.0
    for label, role in lanes.items():
        needed = KEY_MARK + 2 + text_width(label, layout.text)
        if rows[-1] and x + needed > layout.width:
            rows.append([])
            x = 0.0
        rows[-1].append((x, label, role))
        x += needed + 18
    return rows
