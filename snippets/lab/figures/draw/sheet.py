"""A matplotlib figure as a sheet of paper: sizes and places in units of the viewBox, y down from the top."""

from collections.abc import Callable, Sequence
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Sheet
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from snippets.lab.figures.draw.style import GRID, INK, Layout, font, paint

Align = Literal["left", "center", "right"]

UNITS_PER_INCH = 72
"""SVG's points per inch: at this resolution one unit of the viewBox is one dot."""

LINE_HEIGHT = 17.0
BASELINE = 0.36
"""How far, in text sizes, the baseline stands below the middle of a line of text."""


def new_sheet(layout: Layout, height: float) -> Sheet:
    """An empty, transparent sheet. No pyplot: nothing global is touched."""
    sheet = Sheet(figsize=(layout.width / UNITS_PER_INCH, height / UNITS_PER_INCH), dpi=UNITS_PER_INCH)
    FigureCanvasSVG(sheet)
    sheet.patch.set_visible(False)
    return sheet


def add_axes(sheet: Sheet, left: float, top: float, width: float, height: float) -> Axes:
    """Bare axes at a place on the sheet: no frame, no ticks, nothing clipped away."""
    full_width, full_height = sheet.get_size_inches() * UNITS_PER_INCH
    axes = sheet.add_axes(
        (left / full_width, 1 - (top + height) / full_height, width / full_width, height / full_height)
    )
    axes.set_axis_off()
    return axes


def place(axes: Axes, x: float, y: float) -> tuple[float, float]:
    """Where on the sheet a point of the data lies."""
    right, up = axes.transData.transform((x, y))
    return float(right), float(sheet_of(axes).get_size_inches()[1] * UNITS_PER_INCH - up)


def sheet_of(axes: Axes) -> Sheet:
    """The sheet that axes lie on."""
    sheet = axes.figure
    assert isinstance(sheet, Sheet)
    return sheet


def write(
    sheet: Sheet,
    x: float,
    middle: float,
    text: str,
    layout: Layout,
    *,
    colour: str = INK,
    align: Align = "left",
    title: bool = False,
) -> None:
    """One line of text whose middle lies at height `middle`."""
    size = layout.title if title else layout.text
    width, height = sheet.get_size_inches() * UNITS_PER_INCH
    sheet.text(
        x / width,
        1 - (middle + BASELINE * size) / height,
        text,
        fontproperties=font(size, bold=title),
        color=paint(colour),
        ha=align,
        va="baseline",
        parse_math=False,
        zorder=5,
    )


def write_lines(
    sheet: Sheet,
    x: float,
    middle: float,
    lines: Sequence[str],
    layout: Layout,
    *,
    align: Align = "left",
    title: bool = False,
) -> None:
    """A few lines of text, one below the other, around the height `middle`."""
    top = middle - LINE_HEIGHT * (len(lines) - 1) / 2
    for index, line in enumerate(lines):
        write(sheet, x, top + LINE_HEIGHT * index, line, layout, align=align, title=title)


def rule(
    sheet: Sheet,
    xs: Sequence[float],
    ys: Sequence[float],
    colour: str = GRID,
    width: float = 1,
    order: float = 0,
) -> None:
    """A thin line on the sheet, below everything else unless `order` says otherwise."""
    height = sheet.get_size_inches()[1] * UNITS_PER_INCH
    up = [height - y for y in ys]
    sheet.add_artist(
        Line2D(
            xs,
            up,
            color=paint(colour),
            linewidth=width,
            solid_capstyle="butt",
            transform=None,
            zorder=order,
        )
    )


def block(
    sheet: Sheet, left: float, top: float, width: float, height: float, fill: str, edge: str | None = None
) -> None:
    """A filled rectangle on the sheet."""
    full_height = sheet.get_size_inches()[1] * UNITS_PER_INCH
    sheet.add_artist(
        Rectangle(
            (left, full_height - top - height),
            width,
            height,
            facecolor=paint(fill),
            edgecolor=paint(edge) if edge else "none",
            linewidth=0.8 if edge else 0,
            transform=None,
        )
    )


def thinned(ticks: Sequence[float], fits: Callable[[Sequence[float]], bool]) -> list[float]:
    """Every tick, or every second, third …: as many as fit while their steps stay even."""
    for step in range(1, len(ticks)):
        if fits(ticks[::step]):
            return list(ticks[::step])
    return list(ticks[:1])


def linear_ticks(low: float, high: float, at_most: int, whole: bool = False) -> list[float]:
    """Round values between `low` and `high`, both ends included where they are round; `whole` numbers alone."""
    ticks = MaxNLocator(nbins=max(1, at_most), steps=[1, 2, 2.5, 5, 10], integer=whole).tick_values(low, high)
    slack = (high - low) * 1e-9
    return [float(tick) for tick in ticks if low - slack <= tick <= high + slack]


def log_bounds(low: float, high: float) -> tuple[float, float]:
    """The nearest 1, 2 or 5 times a power of ten at or below `low`, and the nearest at or above `high`."""
    steps = [factor * 10.0**power for power in range(-15, 16) for factor in (1, 2, 5)]
    below = [step for step in steps if step <= low * (1 + 1e-9)]
    above = [step for step in steps if step >= high * (1 - 1e-9)]
    bottom, top = below[-1], above[0]
    return (bottom, top) if bottom < top else (bottom / 2, top * 2)


def log_ticks(low: float, high: float) -> list[float]:
    """Powers of ten between the bounds; 2 and 5 times them as well where there would be fewer than three."""
    powers = [10.0**power for power in range(-15, 16)]
    ticks = [tick for tick in powers if low * (1 - 1e-9) <= tick <= high * (1 + 1e-9)]
    if len(ticks) >= 3:
        return ticks
    steps = [factor * power for power in powers for factor in (1, 2, 5)]
    return [step for step in steps if low * (1 - 1e-9) <= step <= high * (1 + 1e-9)]
