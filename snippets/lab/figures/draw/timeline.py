"""Who worked when: lanes of spans, runs one above the other on one time axis."""

from collections.abc import Iterable

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Sheet

from snippets.lab.figures.draw.sheet import (
    LINE_HEIGHT,
    add_axes,
    block,
    linear_ticks,
    new_sheet,
    place,
    rule,
    sheet_of,
    write,
    write_lines,
)
from snippets.lab.figures.draw.style import (
    INK,
    PAPER,
    QUIET,
    ROLES,
    Layout,
    haloed,
    paint,
    role_colour,
    role_fill,
    role_text,
    text_width,
    wrap,
)
from snippets.lab.figures.figure import Role, Run, Span, Timeline
from snippets.lab.numbers import NBSP, number, time_unit

FIRST_LANE = 26.0
OTHER_LANE = 19.0
LANE_GAP = 4.0
TITLE_ROW = 26.0
RUN_GAP = 20.0
KEY_ROW = 22.0
KEY_SWATCH = 20.0
SEAM = 0.8
"""The gap left between neighbouring spans, so that each can be counted; narrow spans leave less."""

DIGITS = 0.92
"""Digits of the page's type run narrower than those of DejaVu Sans by at least this."""

ENOUGH_NUMBERED = 0.9
AXIS_NAME_GAP = 14.0


def draw(chart: Timeline, layout: Layout) -> Sheet:
    """One sheet: the key, each run's title and lanes, its end marked, and the time axis below all."""
    spans = [span for run in chart.runs for lane in run.lanes for span in lane.spans]
    last = max([run.end for run in chart.runs] + [span.end for span in spans])
    factor, unit = time_unit(last)
    ends = [f"{number(run.end * factor)}{NBSP}{unit}" for run in chart.runs]
    unit_label = f"time, {unit}"

    names = [lane.label for run in chart.runs for lane in run.lanes] + [unit_label]
    left = max(text_width(name, layout.text) for name in names) + AXIS_NAME_GAP
    width = layout.width - left - 8 - max(text_width(end, layout.title, True) for end in ends)

    key = _key_rows(chart, {span.role for span in spans}, layout)
    first_top = len(key) * KEY_ROW + 10
    tops = [first_top]
    titles = [wrap(run.title, layout.title, layout.width, bold=True) for run in chart.runs]
    for run, title in zip(chart.runs, titles, strict=True):
        tops.append(tops[-1] + (len(title) - 1) * LINE_HEIGHT + TITLE_ROW + sum(_lane_heights(run)) + RUN_GAP)
    axis_top = tops.pop() - RUN_GAP + 6
    sheet = new_sheet(layout, axis_top + 22)

    _draw_key(sheet, key, layout)
    for tick in linear_ticks(0, last * factor, 4 if layout.narrow else 9):
        x = left + width * tick / factor / last
        rule(sheet, (x, x), (first_top + TITLE_ROW - 2, axis_top))
        write(sheet, x, axis_top + 11, number(tick, 6), layout, colour=QUIET, align="center")
    write(sheet, left - AXIS_NAME_GAP, axis_top + 11, unit_label, layout, colour=QUIET, align="right")

    for run, title, top, end in zip(chart.runs, titles, tops, ends, strict=True):
        write_lines(sheet, 0, top + 10 + (len(title) - 1) * LINE_HEIGHT / 2, title, layout, title=True)
        top += (len(title) - 1) * LINE_HEIGHT
        height = sum(_lane_heights(run)) - LANE_GAP
        axes = add_axes(sheet, left, top + TITLE_ROW, width, height)
        axes.set_xlim(0, last)
        axes.set_ylim(height, 0)
        _draw_run(axes, run, layout)
        x, _ = place(axes, run.end, 0)
        rule(sheet, (x, x), (top + TITLE_ROW - 3, top + TITLE_ROW + height + 3), INK, 1.4, order=4)
        write(
            sheet,
            x + 6,
            top + TITLE_ROW + _lane_heights(run)[0] / 2 - 2,
            end,
            layout,
            colour=haloed(INK, PAPER),
            title=True,
        )
    return sheet


def _lane_heights(run: Run) -> list[float]:
    return [(OTHER_LANE if index else FIRST_LANE) + LANE_GAP for index in range(len(run.lanes))]


def _draw_run(axes: Axes, run: Run, layout: Layout) -> None:
    left, _ = place(axes, 0, 0)
    tops = [sum(_lane_heights(run)[:index]) for index in range(len(run.lanes))]
    heights = [height - LANE_GAP for height in _lane_heights(run)]
    for index, (lane, top, height) in enumerate(zip(run.lanes, tops, heights, strict=True)):
        _, middle = place(axes, 0, top + height / 2)
        colour = QUIET if index else INK
        write(sheet_of(axes), left - 8, middle, lane.label, layout, colour=colour, align="right")
    for role in ROLES:
        numbers: list[tuple[Span, float]] = []
        for lane, top, height in zip(run.lanes, tops, heights, strict=True):
            spans = [span for span in lane.spans if span.role == role]
            if spans:
                _draw_spans(axes, role, spans, top, height)
                numbers += [(span, top + height / 2) for span in spans if span.batch is not None]
        _write_batches(axes, role, numbers, layout)


def _draw_spans(axes: Axes, role: Role, spans: list[Span], top: float, height: float) -> None:
    points = axes.transData.inverted().transform([(0, 0), (1, 0)])
    unit = float(points[1][0] - points[0][0])
    outlined = role == "wait"
    inset = 0.4 if outlined else 0.0

    def bar(span: Span) -> tuple[float, float]:
        width = (span.end - span.start) / unit
        seam = min(SEAM, width / 5)
        # A span too short to see is widened to a hair: it happened.
        return span.start + inset * unit, max(width - seam - 2 * inset, 0.5) * unit

    axes.broken_barh(
        [bar(span) for span in spans],
        (top + inset, height - 2 * inset),
        facecolor=paint(role_fill(role)),
        edgecolor=paint(role_colour(role)) if outlined else "none",
        linewidth=0.8 if outlined else 0,
        clip_on=False,
    )


def _write_batches(axes: Axes, role: Role, spans: list[tuple[Span, float]], layout: Layout) -> None:
    """Number spans (each with the middle of its lane) if nearly all have room: a few numbers would puzzle."""

    def fits(span: Span) -> bool:
        room = place(axes, span.end, 0)[0] - place(axes, span.start, 0)[0]
        return room >= DIGITS * text_width(str(span.batch), layout.text) + 2

    fitting = [(span, middle) for span, middle in spans if fits(span)]
    if len(fitting) < ENOUGH_NUMBERED * len(spans):
        return
    for span, middle in fitting:
        x, y = place(axes, (span.start + span.end) / 2, middle)
        write(sheet_of(axes), x, y, str(span.batch), layout, colour=role_text(role), align="center")


def _key_rows(chart: Timeline, used: set[Role], layout: Layout) -> list[list[tuple[float, Role, str]]]:
    """The key, broken into rows: (left end, role, name)."""
    names = dict(chart.names)
    rows: list[list[tuple[float, Role, str]]] = [[]]
    x = 0.0
    for role in ROLES:
        if role not in used:
            continue
        name = names.get(role, role)
        needed = KEY_SWATCH + 6 + text_width(name, layout.text)
        if rows[-1] and x + needed > layout.width:
            rows.append([])
            x = 0.0
        rows[-1].append((x, role, name))
        x += needed + 16
    return rows


def _draw_key(sheet: Sheet, rows: Iterable[list[tuple[float, Role, str]]], layout: Layout) -> None:
    for index, row in enumerate(rows):
        top = index * KEY_ROW + 3
        for x, role, name in row:
            swatch(sheet, x, top, role)
            write(sheet, x + KEY_SWATCH + 6, top + 6.5, name, layout)


def swatch(sheet: Sheet, left: float, top: float, role: Role) -> None:
    """A small sample of a role's area."""
    outlined = role == "wait"
    inset = 0.4 if outlined else 0.0
    block(
        sheet,
        left + inset,
        top + inset,
        KEY_SWATCH - 2 * inset,
        13 - 2 * inset,
        role_fill(role),
        role_colour(role) if outlined else None,
    )
