"""What the strict build puts out.

It does not prove that the pages are right, or legible, or ask no other host: tests/browser looks at them.
"""

import json
import posixpath
import re
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree

import nbformat
import pytest
from bs4 import BeautifulSoup
from markdown.extensions.toc import slugify
from PIL import Image

from snippets.lab.catalog import experiment_names
from snippets.lab.judging.claims import claim_ids
from snippets.lab.results import results

from ..browser.site import PRETENDED, ROOT, Built, planned_pages
from ..checkout import STRICTLY, Checkout
from .digests import digests

LARGEST_PAGE = 250_000
"""Bytes of HTML, of which drawings and code are the most; a server sends about a sixth of it, compressed."""

LARGEST_INDEX = 1_500_000
"""Bytes of what the search reads before it can answer; a server sends about a quarter of it, compressed."""


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


def test_a_name_in_a_table_may_be_broken_where_its_words_meet(pages: Pages) -> None:
    """Else a phone breaks it anywhere."""
    names = pages["reference/frameworks/"].select("td code:has(wbr)")
    assert "dataloader_num_workers" in [name.get_text() for name in names]


def test_the_search_s_index_has_a_size_that_a_phone_reads(built_site: Built) -> None:
    assert (built_site.root / "search" / "search_index.json").stat().st_size <= LARGEST_INDEX


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


def test_each_page_says_what_its_numbers_come_from(pages: Pages) -> None:
    for address in pages.keys() - {"404.html"}:
        foot = pages[address].select_one(".md-copyright")
        assert foot and re.search(r"usable cores?, .+, Python \d\S+, torch \d\S+, \d{4}-", foot.get_text()), address


def test_pages_are_light(built_site: Built) -> None:
    sizes = {path.relative_to(built_site.root): path.stat().st_size for path in built_site.root.rglob("*.html")}
    assert {page: size for page, size in sizes.items() if size > LARGEST_PAGE} == {}


# What programs read.

SMALLEST_SHARE = 5
"""By which the HTML of all pages is larger than their twins."""


FEEDS = "link[rel=alternate][type='application/atom+xml']"


@pytest.fixture(scope="module")
def twins(built_site: Built, pages: Pages) -> dict[str, str]:
    """The Markdown of each page, as its head leads to it."""
    found = {}
    for address, page in pages.items():
        links = page.select("link[rel=alternate][type='text/markdown']")
        assert len(links) == (address != "404.html"), address
        feeds = [urljoin(PRETENDED["SITE_URL"] + address, str(link["href"])) for link in page.select(FEEDS)]
        assert feeds == [f"{PRETENDED['SITE_URL']}feed.xml"] * len(links)
        for link in links:
            found[address] = (built_site.root / address / str(link["href"])).read_text(encoding="utf-8")
    return found


HEADING = re.compile(r"^[ >]*#+ (?P<words>.+?)(?: \{#(?P<name>[\w-]+)\})?$", re.MULTILINE)
"""Of a twin; `name`: what links call it, where its words do not give it."""


def said(words: str) -> str:
    """Without what only markup has."""
    return " ".join(re.sub(r"[\\`*¶]", "", words).split())


def without_margins(text: str) -> str:
    return re.sub(r"^[ >]+| +$", "", text, flags=re.MULTILINE)


def test_a_twin_has_every_heading_every_claim_and_every_block(pages: Pages, twins: dict[str, str]) -> None:
    for address, text in twins.items():
        article = pages[address].select_one("article")
        assert article
        lines = {said(heading["words"]) for heading in HEADING.finditer(text)}
        assert {said(each.get_text()) for each in article.select("h1, h2, h3, h4, h5, h6")} <= lines, address
        flat = said(text)
        for claim in article.select("a.nw-claim"):
            assert f"(claim {str(claim['href']).rpartition('#')[2]}: {said(str(claim['title']))})" in flat, address
        for row in article.select(".nw-ledger tbody tr"):
            assert str(row["id"]) in flat and said(row.select("td")[1].get_text()) in flat, row["id"]
        unindented = without_margins(text)
        for block in article.select("pre:not(.nw-output details pre)"):
            fold = block.find_parent("details")
            summary = fold and fold.select_one("summary")
            if summary and (file := summary.get_text()).startswith("snippets/experiments/"):
                assert f"**{file}**: the page shows it." in text, address
                continue
            assert without_margins(block.get_text().strip("\n")) in unindented, (address, block.get_text())
        for figure in article.select("figure"):
            assert said(figure.select("figcaption p")[0].get_text()) in flat, figure["id"]


def test_the_twins_are_light(built_site: Built, twins: dict[str, str]) -> None:
    html = sum((built_site.root / address / "index.html").stat().st_size for address in twins)
    assert html >= SMALLEST_SHARE * sum(len(text.encode()) for text in twins.values())


def test_each_link_of_a_twin_leads_to_a_file_of_the_site_and_to_a_place_in_a_twin(
    built_site: Built, twins: dict[str, str]
) -> None:
    in_twin = {f"{address}index.md": places(text) for address, text in twins.items()}
    for address, text in twins.items():
        outside_of_blocks = re.sub(r"^[ >]*```.*?```$", "", text, flags=re.MULTILINE | re.DOTALL)
        links = [urlsplit(link) for link in re.findall(r"(?<!\\)\]\(([^)\s]+)\)", outside_of_blocks)]
        for link in (link for link in links if not link.scheme):
            led_to = posixpath.normpath(posixpath.join(address, unquote(link.path) or "index.md"))
            assert (built_site.root / led_to).is_file(), (address, link)
            assert not link.fragment or link.fragment in in_twin[led_to], (address, link)


def places(twin: str) -> set[str]:
    """What links may lead to: its headings, and the claims of a table, which has the name of each."""
    headings = {heading["name"] or slugify(said(heading["words"]), "-") for heading in HEADING.finditer(twin)}
    return headings | {*re.findall(r"^\| \*\*.+?\*\* · `([\w-]+)`", twin, re.MULTILINE)}


def test_the_list_for_programs_has_a_line_for_each_page(built_site: Built, twins: dict[str, str]) -> None:
    text = (built_site.root / "llms.txt").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^- \[.+\]\((.+)\)(: .+)?$", text, re.MULTILINE))
    assert sorted(listed) == sorted(f"{address}index.md" for address in twins)
    assert [page for page, about in listed.items() if not about] == ["labs/helper_sprites/index.md"], "a notebook"
    assert text.startswith("# num_workers, measured\n\n> ")


def test_the_feed_is_there(built_site: Built) -> None:
    """Without an entry, for nothing was published before. With some: tests/lab/site/test_feed.py."""
    feed = ElementTree.parse(built_site.root / "feed.xml").getroot()
    assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
    assert feed.findtext("{*}id") == f"{PRETENDED['SITE_URL']}feed.xml"
    assert (built_site.root / "measured/verdicts.json").exists()


def test_the_claims_are_there_as_json(built_site: Built, pages: Pages) -> None:
    claims = {claim["id"]: claim for claim in json.loads((built_site.root / "claims.json").read_text(encoding="utf-8"))}
    assert list(claims) == list(claim_ids())
    rows = {str(row["id"]): row for row in pages["reference/claims/"].select(".nw-ledger tbody tr")}
    for name, claim in claims.items():
        assert claim["verdict"] == rows[name].select("td")[0].get_text()
        assert (claim["said"] or "") in rows[name].select("td")[1].get_text()
        assert (
            (claim["value"] is None)
            == (claim["interval"] is None)
            == (claim["verdict"] not in ("holds", "contradicted"))
        )
        if claim["page"]:
            page, _, place = claim["page"].partition("#")
            assert pages[page].find(id=place), claim["page"]


# What is told to those who link to a page.


def test_each_page_tells_what_it_is_and_has_a_picture(built_site: Built, pages: Pages) -> None:
    pictures = set()
    for address, page in pages.items():
        if address == "404.html":
            continue
        meta = {str(each["property"]): str(each["content"]) for each in page.select("meta[property]")}
        (script,) = page.select("script[type='application/ld+json']")
        structured = json.loads(script.get_text())
        assert structured["@type"] == ("Dataset" if address == "reference/machines/" else "TechArticle")
        assert meta["og:url"] == structured["url"] == PRETENDED["SITE_URL"] + address
        assert meta["og:title"] == structured.get("headline", meta["og:title"])
        assert meta["og:description"]
        picture = meta["og:image"].removeprefix(PRETENDED["SITE_URL"])
        pictures.add(picture)
        own = f"posters/{address.strip('/').replace('/', '-') or 'index'}.png"
        assert picture == (own if page.select("figure.nw-figure:not(.nw-simulator *) svg") else "posters/index.png")
        with Image.open(built_site.root / picture) as image:
            assert image.size == (1200, 630)
    assert pictures == {f"posters/{path.name}" for path in (built_site.root / "posters").iterdir()}


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
    assert not [path for path in first if path.endswith((".toml", ".yml"))], "settings are no pages"
    twins = {path for path in first if path.endswith(".md")}
    assert twins == {path.replace(".html", ".md") for path in first if path.endswith(".html")} - {"404.md"}
    assert {path for path in first if first[path] != second[path]} == set()
