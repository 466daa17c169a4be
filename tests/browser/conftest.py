import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from .chromium import MISSING, QUIET, find_browser
from .site import Built, Site, planned_pages, served
from .visit import DARK, LIGHT, NARROW, WIDE, Scheme, Visit, visiting

STILL = """{
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("*, ::before, ::after { transition: none !important; animation: none !important; }");
    document.adoptedStyleSheets.push(sheet);
}"""
"""What is looked at is how a page ends up: between a wide screen and a narrow one it would move for half a second."""

QUIET_SEARCH = """window.Worker = class extends EventTarget {
    constructor(script) { super(); fetch(script); }
    postMessage() {}
    terminate() {}
};"""
"""The theme indexes all pages anew on each, which costs as much as the page itself. What differs from page to page is
where it looks for the index and for the script of the search: both are still asked for.
"""

VIEWS = ((LIGHT, NARROW), (DARK, NARROW), (DARK, WIDE), (LIGHT, WIDE))
"""In an order in which one thing changes at a time."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = find_browser()
    if found is None and os.environ.get("CI"):
        pytest.fail(MISSING)
    if found is None:
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(browser: Browser, built_site: Built) -> Iterator[Site]:
    with served(built_site.root) as site:
        yield site


@pytest.fixture
def visitor(browser: Browser, site: Site) -> Iterator[Visit]:
    """A new reader, in the light scheme, with a wide screen, on no page yet."""
    with visiting(browser, site) as visit:
        yield visit


@pytest.fixture(scope="module")
def regular(browser: Browser, site: Site) -> Iterator[Visit]:
    """One reader for all tests of a file, on pages that do not move and whose search finds nothing.

    A new one for each test would load the scripts of the theme anew.
    """
    with visiting(browser, site) as visit:
        visit.page.add_init_script(STILL)
        visit.page.add_init_script(QUIET_SEARCH)
        yield visit


@pytest.fixture(scope="module", params=planned_pages(), ids=lambda page: page.strip("/") or "home")
def each_page(request: pytest.FixtureRequest, regular: Visit) -> Visit:
    """Each page in turn, opened once for all tests of a file: in the light scheme, on a wide screen."""
    regular.at(WIDE)
    regular.complaints.clear()
    regular.open(request.param)
    regular.in_scheme(LIGHT)
    return regular


@pytest.fixture(
    scope="class",  # below that of the page, or pytest would bring all pages in one view together
    params=[pytest.param(view, id="-".join(map(str, view))) for view in VIEWS],
)
def view(request: pytest.FixtureRequest) -> tuple[Scheme, int]:
    """Scheme, width."""
    return request.param


@pytest.fixture(scope="class")
def each_view(view: tuple[Scheme, int], each_page: Visit) -> Visit:
    """Each page in turn, in both colour schemes on a narrow and on a wide screen. Ends as it was opened."""
    scheme, width = view
    each_page.at(width)
    each_page.in_scheme(scheme)
    return each_page
