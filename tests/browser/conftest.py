import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from .chromium import MISSING, QUIET, find_browser
from .site import Built, Site, served
from .visit import Visit, visiting


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
