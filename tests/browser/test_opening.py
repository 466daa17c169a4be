"""What a browser does before a reader can read: little, and nothing moves or flashes.

What it does not prove: how long that takes; `python -m tests.bench pages` times it.
"""

import pytest
from playwright.sync_api import Browser, expect

from .site import Site
from .styled import styled_elements
from .visit import DARK, LIGHT, NAME_IN_THE_THEME, Scheme, Visit, visiting

GUIDE = "guides/optimization/"
MOST_TIMES = 2
"""On average, that an element is styled: once, and again where a script or what comes later changes it."""

BUNDLE = "**/bundle.*.js"
MOVED = """() => new Promise(done => {
    new PerformanceObserver(list => done(list.getEntries().map(shift => shift.value)))
        .observe({ type: "layout-shift", buffered: true });
    setTimeout(done, 300, []);
})"""


@pytest.mark.parametrize("address", ["", GUIDE])
def test_a_page_is_styled_once_and_does_not_move(visitor: Visit, address: str) -> None:
    """The theme’s bundle would have all of it styled anew five times."""
    with styled_elements(visitor.page) as counts:
        visitor.open(address)
        visitor.page.wait_for_load_state("networkidle")
    elements = visitor.page.evaluate("() => document.querySelectorAll('*').length")
    assert elements / 2 < sum(counts) <= MOST_TIMES * elements
    assert visitor.page.evaluate(MOVED) == []
    assert visitor.complaints == []


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
def test_the_scheme_is_there_before_the_theme_s_scripts(browser: Browser, site: Site, scheme: Scheme) -> None:
    with visiting(browser, site, scheme) as visit:
        visit.page.route(BUNDLE, lambda route: route.abort())
        visit.open()
        assert visit.page.locator("body").get_attribute("data-md-color-scheme") == NAME_IN_THE_THEME[scheme]
        expect(visit.page.locator("#nw-scheme label:visible")).to_have_count(1)
        said = visit.page.locator("meta[name=color-scheme]").get_attribute("content")
        assert said == scheme


def test_who_has_chosen_nothing_follows_the_system(visitor: Visit) -> None:
    visitor.open()
    body = visitor.page.locator("body")
    visitor.page.emulate_media(color_scheme="dark")
    expect(body).to_have_attribute("data-md-color-scheme", "slate")
    visitor.in_scheme(LIGHT)
    visitor.page.emulate_media(color_scheme="light")
    visitor.page.emulate_media(color_scheme="dark")
    visitor.settle()
    expect(body).to_have_attribute("data-md-color-scheme", "default")


def test_the_simulator_comes_with_who_comes_near_it(visitor: Visit) -> None:
    """To its link by keyboard, which keeps the focus; and nothing moves."""
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    visitor.open(GUIDE)
    visitor.page.wait_for_load_state("networkidle")
    assert "site.js" in asked and "simulator.mjs" not in asked
    link = visitor.page.locator(".nw-simulator a")
    link.focus()
    expect(visitor.page.locator(".nw-simulator [type=range]").first).to_be_visible()
    expect(link).to_be_focused()
    assert visitor.page.evaluate(MOVED) == []
    assert visitor.complaints == []
