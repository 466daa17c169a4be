"""Where an axis has its numbers."""

import re

import pytest

from snippets.lab.figures.draw.lines import _shared_axis
from snippets.lab.figures.draw.sheet import linear_ticks
from snippets.lab.figures.draw.style import WIDE
from snippets.lab.figures.drawing import draw
from snippets.lab.figures.figure import Bar, BarGroup, Bars, Lines, Panel, Point, Series
from snippets.lab.results.stats import Estimate
from tests.lab.figures.draw.charts import ALT


@pytest.mark.parametrize(
    ("ends", "at_most", "whole", "ticks"),
    [
        ((0, 4), 9, False, [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4]),
        ((0, 4), 9, True, [0, 1, 2, 3, 4]),
        ((0, 4), 2, True, [0, 2, 4]),
        ((0, 0.4), 4, False, [0, 0.1, 0.2, 0.3, 0.4]),
    ],
)
def test_ticks(ends: tuple[float, float], at_most: int, whole: bool, ticks: list[float]) -> None:
    assert linear_ticks(*ends, at_most, whole) == pytest.approx(ticks)


@pytest.mark.parametrize(("xs", "ticks"), [((0, 1, 2, 4), (0, 1, 2, 3, 4)), ((0, 0.5, 1), (0, 0.2, 0.4, 0.6, 0.8, 1))])
def test_between_counts_there_is_none(xs: tuple[float, ...], ticks: tuple[float, ...]) -> None:
    """No half workers; but other axes have fractions."""
    points = tuple(Point(x, Estimate(1.0, 1.0, 1.0, 3)) for x in xs)
    chart = Lines("x", "y", "higher", (Panel("", (Series("line", "fetch", points),)),))
    assert _shared_axis(chart, (0.0, 1.0), (0.0, 1.0), 260.0, WIDE).x_ticks == pytest.approx(ticks)


@pytest.mark.parametrize(("most", "ticks"), [(13.0, ["0", "5", "10"]), (12.5, ["0", "2.5", "5", "7.5", "10", "12.5"])])
def test_between_counts_of_bars_there_is_none(most: float, ticks: list[str]) -> None:
    bars = tuple(Bar(str(each), Estimate(each, each, each, 3), "fetch") for each in (5.0, most))
    markup = draw("counts", Bars("loops", None, (BarGroup("", bars),)), ALT)
    assert {*ticks} <= {*re.findall(r">([\d.]+)<", markup)}
    assert (">2.5<" in markup) == ("2.5" in ticks)
