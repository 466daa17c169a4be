"""Every page, in both colour schemes, on a wide and on a narrow screen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from .axe import violations
from .figures import texts_of, visible_drawings
from .site import Site, planned_pages
from .visit import WIDTHS, Visit, visiting

SMALLEST_TEXT_PX = 10
LOWEST_CONTRAST = 4.5

each_width = pytest.mark.parametrize("width", WIDTHS)


def _cases() -> list:
    cases = [(page, scheme) for page in planned_pages() for scheme in ("light", "dark")]
    return [pytest.param(case, id=f"{case[0].strip('/') or 'home'}-{case[1]}") for case in cases]


@pytest.fixture(scope="module", params=_cases())
def visit(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Visit]:
    """Opened once, for all tests of this page in this scheme."""
    page, scheme = request.param
    with visiting(browser, site, scheme) as visit:
        visit.open(page)
        yield visit


def test_no_page_is_forgotten(site: Site) -> None:
    assert sorted(planned_pages()) == site.pages()


@each_width
def test_page_does_not_scroll_sideways(visit: Visit, width: int) -> None:
    wider = visit.at(width).evaluate(
        """() => document.scrollingElement.scrollWidth <= innerWidth ? [] :
            [...document.querySelectorAll("main *")]
                .filter(e => e.getBoundingClientRect().right > innerWidth)
                .map(e => e.outerHTML.slice(0, 120))
                .concat(`page: ${document.scrollingElement.scrollWidth} px`)"""
    )
    assert wider == []


@each_width
def test_each_figure_shows_one_drawing(visit: Visit, width: int) -> None:
    """Of its wide and its narrow one, the one that fits."""
    shown = visit.at(width).evaluate(
        """() => [...document.querySelectorAll("figure:has(svg[role=img])")].map(figure => {
            const drawings = [...figure.querySelectorAll("svg[role=img]")];
            return [drawings[0].getAttribute("aria-label"), drawings.filter(d => d.checkVisibility()).length];
        })"""
    )
    assert [figure for figure in shown if figure[1] != 1] == []


@each_width
def test_drawings_are_legible(visit: Visit, width: int) -> None:
    texts = [text for drawing in visible_drawings(visit.at(width)) for text in texts_of(visit, drawing)]
    assert [text for text in texts if text.size < SMALLEST_TEXT_PX] == []
    assert [text for text in texts if text.contrast < LOWEST_CONTRAST] == []


def test_links_within_the_page_lead_somewhere(visit: Visit) -> None:
    """The table of contents above all: on the notebook page it is made apart from the headings."""
    lost = visit.page.evaluate(
        """() => [...document.querySelectorAll("a[href]")]
            .filter(a => a.hash && a.origin + a.pathname === location.origin + location.pathname)
            .filter(a => !document.getElementById(decodeURIComponent(a.hash.slice(1))))
            .map(a => a.getAttribute("href"))"""
    )
    assert lost == []


@each_width
def test_axe_finds_no_violation(visit: Visit, width: int) -> None:
    problems = violations(visit.at(width))
    assert not problems, "\n".join(problems)


def test_page_complains_of_nothing(visit: Visit) -> None:
    """Last, so that it also hears what the tests above stirred up."""
    visit.page.wait_for_load_state("networkidle")
    assert visit.complaints == []
