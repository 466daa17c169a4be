"""The site from a folder: no server, pages that between them have each kind of thing that a page may show, and the
search.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.checkout import checkout
from tests.docs.pages import GUIDE_1, of_each_kind

from .site import Built, Site
from .visit import Visit, hit_of_search, visiting


@pytest.fixture(scope="module")
def folder(built_site: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    pages = {GUIDE_1, "explanation/simulator.md", "reference/claims.md", "labs/helper_sprites.py", *of_each_kind()}
    copy = checkout(tmp_path_factory.mktemp("offline"), pages=pages)
    built = copy.run("-m", "snippets.lab", "site", "--offline")
    assert built.returncode == 0, built.stderr
    return copy.root / "site"


@pytest.fixture(scope="module")
def offline(browser: Browser, folder: Path) -> Iterator[Visit]:
    with visiting(browser, Site(folder, f"{folder.as_uri()}/")) as visit:
        yield visit


def test_each_page_opens(offline: Visit) -> None:
    pages = sorted(path for path in offline.site.root.rglob("*.html") if path.name != "404.html")
    assert len(pages) >= 7
    for path in pages:
        offline.page.goto(path.as_uri())
        expect(offline.page.locator("article h1")).to_be_visible()
    assert offline.complaints == []


def test_links_lead_to_files(offline: Visit) -> None:
    offline.open("index.html")
    offline.page.locator("article a[href*='guides/optimization']").first.click()
    address = f"{offline.site.address}guides/optimization.html"
    expect(offline.page).to_have_url(re.compile(re.escape(address) + "(#.*)?"), timeout=10_000)
    assert offline.complaints == []


def test_search_finds(offline: Visit) -> None:
    offline.open("index.html")
    hit_of_search(offline.page, "persistent_workers").click()
    expect(offline.page.locator(".md-content article")).to_contain_text("persistent_workers")
    assert offline.complaints == []


def test_where_no_module_loads_the_simulator_says_so_and_its_measured_figure_stays(offline: Visit) -> None:
    offline.open("explanation/simulator.html")
    expect(offline.page.locator(".nw-sim-notice")).to_contain_text("from a server")
    expect(offline.page.locator(".nw-simulator figure figcaption")).to_contain_text("Four workers")
    assert offline.complaints == []


def test_a_link_to_a_claim_that_is_filtered_out_opens_it(offline: Visit) -> None:
    """On a server the theme renders the page anew, with all rows. From a folder it does not."""
    offline.open("reference/claims.html")
    page = offline.page
    rows = page.locator(".nw-ledger tbody tr")
    verdicts = dict(rows.evaluate_all("rows => rows.map(row => [row.id, row.cells[1].textContent])"))
    name, verdict = next(iter(verdicts.items()))
    other = next(each for each in verdicts.values() if each != verdict)
    page.get_by_label("Verdict", exact=True).select_option(other)
    expect(page.locator(f"#{name}")).to_be_hidden()
    page.evaluate("name => { location.hash = name; }", name)
    expect(page.locator(f"#{name} .nw-card")).to_be_in_viewport()
