"""What the strict build puts out.

It does not prove that the pages are right, or legible, or ask no other host: tests/browser looks at them.
"""

import json
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup

from snippets.lab.catalog import experiment_names
from snippets.lab.results import results

from ..browser.site import PRETENDED, ROOT, Built, planned_pages
from ..checkout import STRICTLY, Checkout
from .digests import digests

LARGEST_PAGE = 285_000
"""Bytes of HTML, of which the guide's drawings are the most; a server sends about a sixth of it, compressed."""


class Pages(dict[str, BeautifulSoup]):
    """Each built page by its address in the site, such as `guides/optimization/`; "" is the front page."""


@pytest.fixture(scope="module")
def pages(built_site: Built) -> Pages:
    return Pages(
        {
            path.relative_to(built_site.root).as_posix().removesuffix("index.html"): BeautifulSoup(
                path.read_text(encoding="utf-8"), "html.parser"
            )
            for path in sorted(built_site.root.rglob("*.html"))
        }
    )


def test_strict_build_complains_of_nothing(built_site: Built) -> None:
    assert built_site.said == ""


def test_each_planned_page_is_built_and_no_other(pages: Pages) -> None:
    assert sorted(pages) == sorted(planned_pages())


def test_the_front_page_opens_with_a_picture(pages: Pages) -> None:
    assert pages[""].select("figure svg[role=img]")


def test_each_link_to_raw_results_leads_to_what_it_says(built_site: Built, pages: Pages) -> None:
    linked = {
        unquote(urlsplit(urljoin(f"https://site.invalid/{address}", str(link["href"]))).path).lstrip("/")
        for address, page in pages.items()
        if address != "404.html"
        for link in page.select("a[href]")
        if "measured/" in str(link["href"])
    }
    assert linked
    for path in sorted(linked):
        text = (built_site.root / path).read_text(encoding="utf-8")
        if path.endswith(".trace.json"):
            assert json.loads(text)["traceEvents"], path
        else:
            name = Path(path).stem
            assert set(results.parse(text, path).experiments) == {name}
            assert name in experiment_names()


def test_each_page_can_be_edited_where_its_source_is(pages: Pages) -> None:
    for address, page in pages.items():
        if address == "404.html":
            continue
        link = page.select_one("a[title='Edit this page']")
        assert link, address
        assert _in_repository(str(link["href"]), "edit/main/").is_file(), address


def test_each_block_and_each_figure_leads_to_the_file_that_made_it(pages: Pages) -> None:
    blocks = figures = 0
    for page in pages.values():
        for link in page.select(".nw-source a"):
            assert _in_repository(str(link["href"]), "blob/main/").is_file(), link
            assert str(link["href"]).endswith(link.get_text())
            blocks += 1
        for figure in page.select("figure.nw-figure"):
            made_by = [str(link["href"]) for link in figure.select("a") if link.get_text() == "source"]
            assert len(made_by) == 1 and _in_repository(made_by[0], "blob/main/").name == "measure.py", figure
            assert _in_repository(made_by[0], "blob/main/").is_file()
            figures += 1
    assert blocks >= 15 + len(experiment_names())
    assert figures >= len(experiment_names()) - 2


def _in_repository(address: str, way: str) -> Path:
    """The file of this checkout that an address in the repository stands for."""
    begins = f"{PRETENDED['SITE_REPO_URL']}/{way}"
    assert address.startswith(begins), address
    return ROOT / address.removeprefix(begins)


def test_notebook_can_be_downloaded(built_site: Built, pages: Pages) -> None:
    address = "labs/helper_sprites/"
    hrefs = {str(link["href"]) for link in pages[address].select("a[href]")}
    notebooks = {href for href in hrefs if href.endswith(".ipynb")}
    assert notebooks
    for href in notebooks:
        file = built_site.root / urlsplit(urljoin(f"https://site.invalid/{address}", href)).path.lstrip("/")
        nbformat.validate(nbformat.read(file, as_version=4))


def test_pages_are_light(built_site: Built) -> None:
    sizes = {path.relative_to(built_site.root): path.stat().st_size for path in built_site.root.rglob("*.html")}
    assert {page: size for page, size in sizes.items() if size > LARGEST_PAGE} == {}


@pytest.fixture(scope="module")
def again(copy: Checkout) -> Path:
    """The site built in another place, with every picture drawn anew, from the same results."""
    for drawing in (copy.root / ".cache" / "figures").glob("*.svg"):
        drawing.unlink()
    built = copy.run(*STRICTLY, **PRETENDED, PYTHONHASHSEED="7")
    assert built.returncode == 0, built.stdout + built.stderr
    return copy.root / "built"


def test_same_results_give_the_same_site(built_site: Built, again: Path) -> None:
    first, second = digests(built_site.root), digests(again)
    assert first.keys() == second.keys()
    assert not [path for path in first if path.endswith((".toml", ".md", ".yml"))], "settings and sources are no pages"
    assert {path for path in first if first[path] != second[path]} == set()
