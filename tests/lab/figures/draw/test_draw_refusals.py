"""A chart that would not be honest is refused, and the message names the figure."""

from dataclasses import replace
from typing import Any

import pytest

from snippets.lab.figures.drawing import draw
from snippets.lab.figures.figure import (
    Bar,
    BarGroup,
    Bars,
    Chart,
    Dots,
    Lane,
    Limit,
    Lines,
    Panel,
    Point,
    Run,
    Series,
    Span,
    Timeline,
)
from snippets.lab.results.stats import Estimate

NAN = float("nan")
GOOD = Estimate(2, 1, 3, 5)
FLAT = Limit("flat", ((0, 1), (1, 1)))


def bars(value: Estimate, **how: Any) -> Bars:
    return Bars("s", "lower", (BarGroup("", (Bar("arm", value, "fetch"),)),), **how)


def dots(value: Estimate) -> Dots:
    return Dots("%", "higher", (BarGroup("where", (Bar("who", value, "fetch"),)),))


def lines(*points: Point, limits: tuple[Limit, ...] = (), **how: Any) -> Lines:
    panel = Panel("", (Series("line", "fetch", points),), limits)
    return Lines("x", "y", "lower", (panel,), **how)


def timeline(*spans: Span, end: float = 1) -> Timeline:
    return Timeline((Run("run", (Lane("main", spans),), end),))


REFUSED: dict[str, tuple[Chart, str]] = {
    "no groups": (Bars("s", "lower", ()), "no data"),
    "no bars": (Bars("s", "lower", (BarGroup("empty", ()),)), "no data.*'empty'"),
    "nan in bars": (bars(replace(GOOD, median=NAN)), "'arm': nan"),
    "infinite interval": (bars(replace(GOOD, high=float("inf"))), "'arm': inf"),
    "interval without its median": (bars(Estimate(9, 1, 3, 5)), "does not hold the median 9"),
    "zero on a log scale": (bars(Estimate(2, 0, 3, 5), scale="log"), "not above zero"),
    "no rows": (Dots("%", "higher", ()), "no data"),
    "no marks": (Dots("%", "higher", (BarGroup("empty", ()),)), "no data.*'empty'"),
    "nan in marks": (dots(replace(GOOD, median=NAN)), "'who' in row 'where': nan"),
    "no panels": (Lines("x", "y", "lower", ()), "no data"),
    "no series": (Lines("x", "y", "lower", (Panel("empty", ()),)), "no data.*'empty'"),
    "no points": (lines(), "no data.*'line'"),
    "nan in points": (lines(Point(1, replace(GOOD, low=NAN))), "'line' at x = 1: nan"),
    "nan as x": (lines(Point(NAN, GOOD)), "nan is not a number"),
    "nan in a limit": (lines(Point(1, GOOD), limits=(FLAT, Limit("cores", ((0, 1), (1, NAN))))), "limit 'cores': nan"),
    "a limit of one point": (lines(Point(1, GOOD), limits=(Limit("cores", ((0, 1),)),)), "two points"),
    "a limit at zero on a log scale": (
        lines(Point(1, GOOD), limits=(FLAT, Limit("cores", ((0, 1), (1, 0)))), y_scale="log"),
        "limit 'cores' is not above zero",
    ),
    "no runs": (Timeline(()), "no data"),
    "no spans": (timeline(), "no data.*'run'"),
    "nan in spans": (timeline(Span("fetch", 0, NAN)), "nan is not a number"),
    "a span that ends before it starts": (timeline(Span("fetch", 0.5, 0.2)), "from 0.5 to 0.2"),
    "a run that ends at once": (timeline(Span("fetch", 0, 1), end=0), "does not end"),
    "an unknown role": (timeline(Span("sing", 0, 1)), "unknown role 'sing'"),  # pyrefly: ignore[bad-argument-type]
}


@pytest.mark.parametrize("why", REFUSED)
def test_refused(why: str) -> None:
    chart, message = REFUSED[why]
    with pytest.raises(ValueError, match=f"^figure 'the-id': .*{message}"):
        draw("the-id", chart, "text")


def test_what_is_no_chart_is_refused() -> None:
    with pytest.raises(ValueError, match="figure 'the-id': cannot draw a str"):
        draw("the-id", "bars", "text")  # pyrefly: ignore[bad-argument-type]


def test_a_picture_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="figure 'the-id': no text alternative"):
        draw("the-id", bars(GOOD), " ")


@pytest.mark.parametrize("figure_id", ["", "1", "a b", 'a"', "A", "a_b"])
def test_an_id_that_is_no_id_is_refused(figure_id: str) -> None:
    with pytest.raises(ValueError, match="an id is made of"):
        draw(figure_id, bars(GOOD), "text")
