"""What a page gives the browser that opens it to do, here and as plain MkDocs with the theme makes it."""

import gzip
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from ..browser.chromium import MISSING, QUIET, find_browser
from ..browser.site import Site, served
from ..browser.styled import styled_elements
from .rows import Row

PAGES = (
    "",
    "guides/optimization/",
    "reference/claims/",
    "troubleshooting/memory/",
    "how-to/choose-num-workers/",
)
VISITS = 3
SETTLED_MS = 1500


@dataclass(frozen=True)
class Weight:
    """`styled`: times that an element was styled, on average. `sent`: bytes of its HTML, compressed."""

    elements: int
    styled: float
    html: int
    sent: int


def weights(ours: Path, bare: Path) -> Iterator[Row]:
    """Of some pages in the folders of two sites. Raises LookupError where there is no browser."""
    if (found := find_browser()) is None:
        raise LookupError(MISSING)
    with sync_playwright() as playwright, served(ours) as our_site, served(bare) as bare_site:
        browser = playwright.chromium.launch(executable_path=found, args=list(QUIET))
        for address in PAGES:
            visits = [[_visit(browser, site, address) for site in (our_site, bare_site)] for _ in range(VISITS)]
            ours_here, bare_here = (_median(each) for each in zip(*visits, strict=True))
            yield from _rows(address or "the front page", ours_here, bare_here)
        browser.close()


def _rows(name: str, ours: Weight, bare: Weight) -> Iterator[Row]:
    yield Row(f"{name}, elements", f"{ours.elements:,}", f"bare: {bare.elements:,}")
    yield Row("  times that one is styled", f"{ours.styled:.1f}", f"bare: {bare.styled:.1f}")
    yield Row("  kB of HTML", f"{ours.html / 1e3:.0f}", f"bare: {bare.html / 1e3:.0f}")
    yield Row("  kB of HTML, compressed", f"{ours.sent / 1e3:.0f}", f"bare: {bare.sent / 1e3:.0f}")


def _median(visits: Sequence[Weight]) -> Weight:
    return Weight(*(statistics.median(column) for column in zip(*map(astuple, visits), strict=True)))


def _visit(browser: Browser, site: Site, address: str) -> Weight:
    """A new reader's, on a phone."""
    html = (site.root / address / "index.html").read_bytes()
    context = browser.new_context(viewport={"width": 412, "height": 823})
    try:
        page = context.new_page()
        with styled_elements(page) as counts:
            page.goto(f"{site.address}{address}")
            page.wait_for_timeout(SETTLED_MS)
        elements = page.evaluate("() => document.querySelectorAll('*').length")
        return Weight(elements, sum(counts) / elements, len(html), len(gzip.compress(html)))
    finally:
        context.close()
