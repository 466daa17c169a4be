"""What is drawn lies where the numbers say: bars and dots, intervals, points, ends of runs."""

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_hex, to_rgba_array
from matplotlib.figure import Figure as Sheet
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from snippets.lab.figures.draw import bars as bars_of
from snippets.lab.figures.draw import dots as dots_of
from snippets.lab.figures.draw import lines as lines_of
from snippets.lab.figures.draw import timeline as timeline_of
from snippets.lab.figures.draw.lines import MANY_POINTS
from snippets.lab.figures.draw.sheet import place
from snippets.lab.figures.draw.style import INK, NARROW, WIDE, Layout, paint, role_colour
from snippets.lab.figures.figure import (
    Bar,
    BarGroup,
    Bars,
    Dots,
    Lane,
    Limit,
    Lines,
    Panel,
    Point,
    Run,
    Scale,
    Series,
    Span,
    Timeline,
)
from snippets.lab.results.stats import Estimate
from tests.lab.figures.draw.charts import on_a_gpu

FORMS = [WIDE, NARROW]
ESTIMATES = [Estimate(4, 3, 7, 7), Estimate(2, 1.5, 2.5, 7)]

each_form = pytest.mark.parametrize("layout", FORMS, ids=lambda layout: layout.name)


def strokes(axes: Axes, colour: str) -> set[tuple[tuple[float, float], ...]]:
    """The straight lines of one colour, as their two ends."""
    found = set()
    for collection in axes.collections:
        if isinstance(collection, LineCollection) and colour_of(collection) == paint(colour):
            found |= {tuple(map(tuple, np.round(np.asarray(line, float), 6))) for line in collection.get_segments()}
    return found


def colour_of(collection: LineCollection) -> str:
    return to_hex(tuple(to_rgba_array(collection.get_color())[0]))


@each_form
@pytest.mark.parametrize("scale", ["linear", "log"])
def test_bars_and_their_intervals(layout: Layout, scale: Scale) -> None:
    bars = tuple(Bar(f"arm {number}", value, "fetch") for number, value in enumerate(ESTIMATES))
    axes, *_ = bars_of.draw(Bars("s", "lower", (BarGroup("", bars),), scale), layout).axes
    log = scale == "log"
    across = strokes(axes, role_colour("fetch") if log else INK)
    dots = [float(np.ravel(line.get_xdata())[0]) for line in axes.lines]
    lengths = [patch.get_width() for patch in axes.patches if isinstance(patch, Rectangle)]
    assert (dots if log else lengths) == [value.median for value in ESTIMATES]
    for value in ESTIMATES:
        assert [1 for (x0, y0), (x1, y1) in across if (x0, x1) == (value.low, value.high) and y0 == y1], value
        for end in (value.low, value.high):
            assert [1 for (x0, y0), (x1, y1) in across if x0 == x1 == end and y0 != y1], "no cap"


@each_form
def test_marks_and_their_intervals(layout: Layout) -> None:
    """Equal ones lie below each other, each at the same place in its row as in the other."""
    first, second = ESTIMATES
    alike = BarGroup("alike", (Bar("one", first, "fetch"), Bar("other", first, "step")))
    rows = (alike, BarGroup("one lacks", (Bar("other", second, "step"),)))
    sheet = dots_of.draw(Dots("%", "higher", rows), layout)
    axes = max(sheet.axes, key=lambda axes: axes.bbox.width)
    marks = [tuple(float(np.ravel(data)[0]) for data in line.get_data()) for line in axes.lines]
    assert [x for x, _ in marks] == [first.median, first.median, second.median]
    heights = [y for _, y in marks]
    assert heights[1] - heights[0] == dots_of.LANE and heights[2] > heights[1] + dots_of.LANE
    for bar, y in zip((*alike.bars, rows[1].bars[0]), heights, strict=True):
        assert ((bar.value.low, y), (bar.value.high, y)) in strokes(axes, role_colour(bar.role))
    assert axes.get_xlim() == (0, first.high)


@each_form
@pytest.mark.parametrize("many", [False, True])
def test_points_and_their_intervals(layout: Layout, many: bool) -> None:
    count = MANY_POINTS + 1 if many else 2
    points = tuple(Point(x, ESTIMATES[x % 2]) for x in range(count))
    sheet = lines_of.draw(Lines("x", "y", "lower", (Panel("", (Series("line", "fetch", points),)),)), layout)
    axes = sheet.axes[0]
    (line,) = axes.lines
    assert np.transpose(np.asarray(line.get_data(), float)).tolist() == [[point.x, point.y.median] for point in points]
    if many:
        (band,) = [c for c in axes.collections if isinstance(c, PolyCollection)]
        corners = {tuple(corner) for corner in np.asarray(band.get_paths()[0].vertices).tolist()}
        assert {(p.x, end) for p in points for end in (p.y.low, p.y.high)} <= corners
    else:
        upright = strokes(axes, role_colour("fetch"))
        for point in points:
            assert ((point.x, point.y.low), (point.x, point.y.high)) in upright


@each_form
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_limits(layout: Layout, order: tuple[int, ...]) -> None:
    both = (Limit("low", ((0, 1.0), (1, 2.0))), Limit("high", ((0, 30.0), (1, 40.0))))
    limits = tuple(both[at] for at in order)
    points = tuple(Point(x, ESTIMATES[x]) for x in range(2))
    chart = Lines("x", "y", "lower", (Panel("", (Series("line", "fetch", points),), limits),))
    axes = lines_of.draw(chart, layout).axes[0]
    drawn = [[*map(tuple, np.transpose(np.asarray(line.get_data(), float)).tolist())] for line in axes.lines[:2]]
    assert drawn == [[*limit.points] for limit in limits]
    assert axes.get_ylim()[1] >= 40, "the axis ends below a limit"


@each_form
def test_spans_and_the_end_of_each_run(layout: Layout) -> None:
    ends = (1.0, 0.6)
    runs = tuple(
        Run(f"run {end}", (Lane("main", (Span("step", 0.2, 0.5), Span("wait", 0, 0.2))),), end) for end in ends
    )
    sheet = timeline_of.draw(Timeline(runs), layout)
    for axes, end in zip(sheet.axes, ends, strict=True):
        spans = [np.asarray(path.vertices)[:, 0] for c in axes.collections for path in c.get_paths()]
        hair = 3 / axes.bbox.width
        for start, stop in ((0.2, 0.5), (0, 0.2)):
            assert [1 for xs in spans if abs(min(xs) - start) < hair and abs(max(xs) - stop) < hair], (start, stop)
        assert place(axes, end, 0)[0] in upright_rules(sheet), "the end is not marked"


@each_form
def test_the_lane_of_a_gpu_stands_below_main_s_and_above_all_workers(layout: Layout) -> None:
    """And what the GPU ran is drawn in it, when it did."""
    chart = on_a_gpu()
    sheet = timeline_of.draw(chart, layout)
    below = sorted(sheet.texts, key=lambda text: -text.get_position()[1])
    names = [text.get_text() for text in below if text.get_text().startswith(("main", "GPU", "worker"))]
    assert names == ["main", "GPU"] * 3 + [f"worker {number}" for number in range(11)]
    lane = timeline_of.FIRST_LANE + timeline_of.LANE_GAP
    below_lane = lane + timeline_of.OTHER_LANE
    for axes, run in zip(sheet.axes, chart.runs, strict=True):
        paths = [np.asarray(path.vertices) for c in axes.collections for path in c.get_paths()]
        own = [path[:, 0] for path in paths if lane <= path[:, 1].min() <= path[:, 1].max() <= below_lane]
        ends = sorted((float(xs.min()), float(xs.max())) for xs in own)
        expected = [(span.start, span.end) for span in run.lanes[1].spans]
        assert np.allclose(ends, expected, atol=3 / axes.bbox.width), "no more than a hair apart"


def upright_rules(sheet: Sheet) -> list[float]:
    """Where the dark upright lines of a sheet stand."""
    lines = [line for line in sheet.get_children() if isinstance(line, Line2D)]
    ends = [np.asarray(line.get_xdata(), float) for line in lines if to_hex(line.get_color()) == paint(INK)]
    return [float(start) for start, stop in ends if start == stop]
