"""What a page's head says to who links to it. That each page's is there: tests/site/test_puts_out.py."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from snippets.lab.figures import kept
from snippets.lab.figures import poster as drawing
from snippets.lab.site import linked as module
from snippets.lab.site.linked import linked, write_posters

SITE = "https://site.invalid/a/"


@pytest.fixture(autouse=True)
def one_figure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """A site with the figure `one`, which is drawn as its title; what was drawn."""
    drawn: list[str] = []

    def poster(name: str, title: str, chart: object) -> bytes:
        drawn.append(title)
        return f"{name}, {title}, {chart}".encode()

    monkeypatch.setattr(kept, "FIGURES", tmp_path / "figures")
    monkeypatch.setattr(drawing, "poster", poster)
    monkeypatch.setattr(module, "shown", lambda name: SimpleNamespace(is_measured=name == "one", name=name))
    monkeypatch.setattr(module, "figure_of", lambda shown: SimpleNamespace(chart=f"the chart {shown.name}"))
    monkeypatch.setattr(module, "all_results", lambda: [])
    return drawn


def page(path: str, markdown: str = "", title: str = "A page") -> Any:
    address = path.removesuffix("index.md").replace(".md", "/")
    file = SimpleNamespace(src_uri=path)
    meta = {"title": title, "description": "What it says."}
    return SimpleNamespace(file=file, meta=meta, title="In the menu", markdown=markdown, canonical_url=SITE + address)


HOME = page("index.md", "![x](figure:one)", "Home")
BARE = page("how-to/b.md", "![x](figure:two)")
CHARTED = page("guides/a.md", "![x](figure:two)\n![x](figure:one)")


def of(here: Any, site: str = SITE) -> dict[str, Any]:
    config: Any = SimpleNamespace(site_url=site, site_name="A site", site_description="All of it.")
    return linked(here, HOME, config)


def test_a_page_shows_its_own_chart_and_one_without_that_of_the_front_page() -> None:
    assert of(CHARTED)["image"] == f"{SITE}posters/guides-a.png"
    assert of(BARE)["image"] == f"{SITE}posters/index.png"
    structured = of(CHARTED)["structured"]
    assert structured["@type"] == "TechArticle"
    assert (structured["headline"], structured["description"]) == ("A page", "What it says.")
    assert structured["url"] == f"{SITE}guides/a/" and structured["image"] == of(CHARTED)["image"]


def test_without_an_address_of_the_site_nothing_needs_one() -> None:
    said = of(CHARTED, "")
    assert (said["url"], said["image"]) == (None, None)
    assert SITE not in str(said) and "None" not in str(said["structured"])


def test_the_machines_are_a_dataset() -> None:
    structured = of(page("reference/machines.md"))["structured"]
    assert structured["@type"] == "Dataset" and len(structured["description"]) >= 50
    assert [each["contentUrl"] for each in structured["distribution"]] == [
        f"{SITE}measured/results.json",
        f"{SITE}claims.json",
    ]
    assert "distribution" not in of(page("reference/machines.md"), "")["structured"]


def test_a_poster_is_drawn_once_until_its_title_or_its_chart_changes(one_figure: list[str], tmp_path: Path) -> None:
    pages = [HOME, CHARTED, BARE]
    for _ in range(2):
        write_posters(tmp_path, pages, "A site")
    assert one_figure == ["Home", "A page"]
    assert [path.name for path in sorted((tmp_path / "posters").iterdir())] == ["guides-a.png", "index.png"]
    write_posters(tmp_path, [page("guides/a.md", "![x](figure:one)", "Another")], "A site")
    assert one_figure == ["Home", "A page", "Another"]
    assert (tmp_path / "posters/guides-a.png").read_text() == "A site, Another, the chart one"
    assert len([*(tmp_path / "figures").iterdir()]) == 2, "the older one is gone"
