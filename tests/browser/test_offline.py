"""The site from a folder: no server, every page, and the search."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.checkout import checkout

from .site import Built
from .visit import hit_of_search

LEFT = "net::ERR_ABORTED"
"""A page that is left while it still loads stops its own requests."""
HERE = ("file:", "data:", "blob:")


@pytest.fixture(scope="module")
def folder(built_site: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = checkout(tmp_path_factory.mktemp("offline"))
    built = copy.run("-m", "snippets.lab", "site", "--offline")
    assert built.returncode == 0, built.stderr
    return copy.root / "site"


@pytest.fixture
def reader(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page, and what it complained of or asked for beyond the folder."""
    context = browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda asked: complaints.append(asked.url) if not asked.url.startswith(HERE) else None)
    page.on("requestfailed", lambda asked: complaints.append(asked.url) if asked.failure != LEFT else None)
    yield page, complaints
    context.close()


def test_each_page_opens(folder: Path, reader: tuple[Page, list[str]]) -> None:
    page, complaints = reader
    pages = sorted(path for path in folder.rglob("*.html") if path.name != "404.html")
    assert len(pages) >= 7
    for path in pages:
        page.goto(path.as_uri())
        expect(page.locator("article h1")).to_be_visible()
    assert complaints == []


def test_links_lead_to_files(folder: Path, reader: tuple[Page, list[str]]) -> None:
    page, complaints = reader
    page.goto((folder / "index.html").as_uri())
    page.locator("article a[href*='guides/optimization']").first.click()
    address = (folder / "guides/optimization.html").as_uri()
    expect(page).to_have_url(re.compile(re.escape(address) + "(#.*)?"), timeout=10_000)
    assert complaints == []


def test_search_finds(folder: Path, reader: tuple[Page, list[str]]) -> None:
    page, complaints = reader
    page.goto((folder / "index.html").as_uri())
    hit_of_search(page, "persistent_workers").click()
    expect(page.locator(".md-content article")).to_contain_text("persistent_workers")
    assert complaints == []
