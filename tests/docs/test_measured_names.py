"""Every figure, value and table that a page names exists, and a name that does not exist stops the build."""

import re

import pytest

from snippets.lab.catalog import experiment_names
from snippets.lab.markdown.extension import LEDGERS
from snippets.lab.markdown.shown import UnknownName
from snippets.lab.markdown.tables import TABLES

from .pages import PAGES, source
from .small_results import published, render_text, rendered, small

SCHEMES = {"figure", "measured", "claim", "about", "table", "ledger", "source", "output", "error", "simulator"}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_renders_with_every_name_filled(page: str) -> None:
    named = re.findall(rf"\]\(({'|'.join(SCHEMES)}):", source(page))
    html = rendered(page)
    assert html.count('class="nw-measured"') == named.count("measured")
    # A whole simulator has a figure and a table of runs.
    whole = len(re.findall(r"\]\(simulator:[\w-]+/\w+\)", source(page)))
    assert html.count('class="nw-simulator"') == named.count("simulator")
    assert html.count('class="nw-figure"') == named.count("figure") + whole
    assert html.count('class="nw-about"') == named.count("about")
    assert html.count('class="nw-output"') == named.count("output") + named.count("error")
    assert html.count('class="nw-claim"') == named.count("claim")
    if "ledger" not in named:
        # A figure's numbers are a table as well.
        assert html.count('class="nw-scroll"') == named.count("table") + named.count("figure") + 2 * whole


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_left_unfilled(page: str) -> None:
    """A figure inside a sentence, a value outside a `measured:` link, or what a part needs, would reach the reader."""
    words = re.sub(r"<(pre|code)\b.*?</\1>", "", rendered(page), flags=re.DOTALL)
    assert re.findall(rf'(?:src|href)="(?:{"|".join(SCHEMES)}):[^"]*"|data-needs', words) == []
    assert re.findall(r"\{\w+\}", words) == []


@pytest.mark.parametrize("page", PAGES)
def test_no_scheme_is_misspelt(page: str) -> None:
    """`[...](measure:scaling)` would be taken for a link to another site."""
    assert set(re.findall(r"\]\(([a-z]+):", source(page))) <= SCHEMES | {"https"}


def test_pages_name_figures_values_and_tables() -> None:
    """Green because nothing was named would be red."""
    named = [scheme for page in PAGES for scheme in re.findall(r"\]\(([a-z]+):", source(page))]
    assert named.count("figure") >= len(experiment_names())
    assert named.count("measured") >= 20
    assert named.count("claim") >= 50
    assert named.count("ledger") == len(LEDGERS)
    assert named.count("table") == len(TABLES)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("![A title](figure:nowhere)", experiment_names()),
        ("![](about:nowhere)", experiment_names()),
        ("It is [{speedup} as fast](measured:nowhere).", experiment_names()),
        ("It is [{nowhere} as fast](measured:scaling).", ["computing_2", "waiting_8"]),
        ("It is [**{nowhere}** as fast](measured:scaling).", ["computing_2", "waiting_8"]),
        ("![A title](table:nowhere)", list(TABLES)),
        ("![A title](figure:scaling/nowhere)", ["scaling/regret"]),
        ("![A title](simulator:nowhere)", ["simulated.py"]),
        ("![A title](simulator:signatures/nowhere)", ["fed", "busy_neighbour"]),
        ("![](ledger:nowhere)", list(LEDGERS)),
        ("It is [{value} as fast](claim:nowhere).", ["waiting-scales-to-8", "helpers-hide-waiting"]),
    ],
)
def test_an_unknown_name_stops_the_build_and_the_known_ones_are_said(text: str, known: list[str]) -> None:
    with published(small()), pytest.raises(UnknownName, match="nowhere") as stopped:
        render_text(text)
    assert [name for name in known if name not in str(stopped.value)] == []


def test_a_figure_without_a_title_stops_the_build() -> None:
    with published(small()), pytest.raises(UnknownName, match="has no title"):
        render_text("![](figure:scaling)")
