"""Pages on paper: light, whole, and without what can only be pressed.

What it does not prove: where a printer's pages end.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from .site import Site
from .visit import DARK, visiting

GUIDE = "guides/optimization/"
PAPER_WIDTH = 700


@pytest.fixture(scope="module")
def printed(browser: Browser, site: Site) -> Iterator[Page]:
    """The guide, as a reader with the dark scheme prints it."""
    with visiting(browser, site, scheme=DARK, width=PAPER_WIDTH) as visit:
        visit.open(GUIDE)
        visit.page.locator(".md-code__button").first.wait_for(state="attached")
        visit.page.locator(".nw-simulator").first.scroll_into_view_if_needed()
        visit.page.locator(".nw-sim-results").first.wait_for()
        visit.page.emulate_media(media="print")
        yield visit.page


def test_what_frames_a_page_is_not_printed(printed: Page) -> None:
    seen = """parts => parts.filter(part => part.checkVisibility()).map(part => part.outerHTML.slice(0, 80))"""
    assert (
        printed.locator(
            "header, .md-sidebar, footer, .headerlink, button, .md-top, input[type=range], textarea, select"
        ).evaluate_all(seen)
        == []
    )


def test_ink_is_dark_whatever_the_screen_was(printed: Page) -> None:
    ink, *hues = printed.evaluate(
        """() => ["article p", ".nw-chart__svg text"].map(what =>
            getComputedStyle(document.querySelector(what))[what.endsWith("text") ? "fill" : "color"])"""
    )
    assert ink == "rgb(43, 38, 34)" and "232" not in hues[0]


def test_the_numbers_of_each_figure_are_printed(printed: Page) -> None:
    shown = "tables => tables.map(table => table.checkVisibility({ contentVisibilityAuto: true }))"
    tables = printed.locator(".nw-numbers table").evaluate_all(shown)
    assert tables and all(tables)


def test_no_code_and_no_table_is_cut(printed: Page) -> None:
    cut = printed.evaluate(
        """() => [...document.querySelectorAll("article pre > code, article .nw-scroll, article pre")]
            .filter(part => part.checkVisibility() && part.scrollWidth > part.clientWidth + 1)
            .map(part => part.outerHTML.slice(0, 100))"""
    )
    assert cut == []


def test_a_link_to_elsewhere_has_its_address_behind_it(printed: Page) -> None:
    behind = """links => links.map(link => getComputedStyle(link, "::after").content)"""
    elsewhere = printed.locator("article a[href^='https://docs.pytorch.org']")
    assert elsewhere.count() and all("https://docs" in content for content in elsewhere.evaluate_all(behind))
    assert {*printed.locator("article a[href^='http://127']").evaluate_all(behind)} == {"none"}
