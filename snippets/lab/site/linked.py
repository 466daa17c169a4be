"""What a page's head tells those who link to it or list it: Open Graph, schema.org, and a picture of its own chart.

What needs an address of its own is left out where the site has none.
"""

import re
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

from snippets.lab.code import source_hash
from snippets.lab.figures.figure import Chart
from snippets.lab.figures.kept import kept
from snippets.lab.markdown.captions import figure_of
from snippets.lab.markdown.shown import shown
from snippets.lab.moment import once
from snippets.lab.paths import DOCS
from snippets.lab.results.held import all_results

FIGURE = re.compile(r"\]\(figure:([\w/-]+)\)")
LICENCE = "https://opensource.org/license/mit"
MACHINES = "reference/machines.md"
RESULTS = ("measured/results.json", "claims.json")


def write_posters(site: Path, pages: Iterable[Page], name: str) -> None:
    """A PNG for each page that shows a chart. Only one that is not in the cache imports matplotlib."""
    for page in pages:
        if chart := _chart(page):
            path = site / _poster(page)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_drawn(path.stem, name, _title(page), chart))


def linked(page: Page, home: Page, config: MkDocsConfig) -> dict[str, Any]:
    """For the template: title, description, address, picture, and the page as schema.org has it."""
    site = config.site_url or ""
    shown_by = next((each for each in (page, home) if site and _chart(each)), None)
    about = {
        "title": _title(page),
        "description": page.meta.get("description") or config.site_description or "",
        "url": page.canonical_url if site else None,
        "image": urljoin(site, _poster(shown_by)) if shown_by else None,
    }
    return {**about, "structured": _structured(about, page.file.src_uri, config.site_name, site)}


def _structured(about: dict[str, Any], page: str, name: str, site: str) -> dict[str, Any]:
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "TechArticle",
        "headline": about["title"],
        "description": about["description"],
        "inLanguage": "en",
        "license": LICENCE,
        "isPartOf": {"@type": "WebSite", "name": name, **({"url": site} if site else {})},
        "url": about["url"],
        "image": about["image"],
    }
    if page == MACHINES:
        said |= {"@type": "Dataset", "headline": None, "name": f"{name}: what was measured", **_dataset(site)}
    return {key: value for key, value in said.items() if value}


def _dataset(site: str) -> dict[str, Any]:
    days = sorted(held.results.measured_at[:10] for held in all_results())
    return {
        "description": "Throughput, waiting times, memory and counts of PyTorch DataLoader workers on each machine "
        "that was measured, and the verdict of each claim.",
        "temporalCoverage": f"{days[0]}/{days[-1]}" if days else None,
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": "application/json", "contentUrl": urljoin(site, path)}
            for path in RESULTS
            if site
        ],
    }


def _title(page: Page) -> str:
    return str(page.meta.get("title") or page.title)


def _chart(page: Page) -> Chart | None:
    """Of its first figure that is measured."""
    figures = (shown(name) for name in FIGURE.findall(page.markdown or ""))
    return next((figure_of(figure).chart for figure in figures if figure.is_measured), None)


def _poster(page: Page) -> str:
    """Where it lies in the site."""
    name = page.file.src_uri.rpartition(".")[0].removesuffix("/index").replace("/", "-")
    return f"posters/{name}.png"


def _drawn(file: str, name: str, title: str, chart: Chart) -> bytes:
    """Drawn anew only where the words, the chart, its colours or the drawing code have changed."""
    styles = [(DOCS / "assets" / style).read_text(encoding="utf-8") for style in ("colours.css", "figures.css")]

    def drawn() -> bytes:
        from snippets.lab.figures.poster import poster

        return poster(name, title, chart)

    return kept(file, ".png", f"{_drawn_by()}{styles}{name}{title}{chart}", drawn)


@once
def _drawn_by() -> str:
    return f"{source_hash('snippets.lab.figures.poster')} {version('matplotlib')} {version('pillow')}"
