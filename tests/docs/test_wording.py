"""Every sentence is whole where its value is missing: too noisy to tell, not measured here, or not to be had.

What it does not prove: that a second wording is true, and says no more than the mechanism does. People read that.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cache

import pytest
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from snippets.lab.judging.claim import Claim
from snippets.lab.judging.claims import claim_ids
from snippets.lab.markdown import verdicts
from snippets.lab.markdown.needs import Names, lines
from snippets.lab.markdown.sentences import CLAIM, MEASURED
from snippets.lab.markdown.wording import PLACE

from .advice import nothing
from .pages import PAGES, markdown, source
from .situations import SITUATIONS, elsewhere, not_everywhere, rendered_in, shown, situation, usual
from .small_results import published, rendered

EVERYWHERE = Claim.__dataclass_fields__
ABOUT_VERDICTS = {"reference/claims.md", "reference/first-versions.md"}
"""Tables of verdicts, in words."""


# Which links need a second wording.


def may_be_missing(claim: Claim, experiment: str, needs: tuple[Names, ...]) -> bool:
    """Whether some machine cannot decide a claim of a part of a page with these needs."""
    if claim.bounds.kind != "count" or claim.needs_cores:
        return True
    limits = ("tiers", "below_cores", "start_methods")
    limited = any(getattr(claim, limit) != EVERYWHERE[limit].default for limit in limits)
    return (limited or experiment in not_everywhere()) and (experiment,) not in needs


@cache
def values_missing(name: str) -> set[str]:
    """The values of an experiment, or of a part that draws it, that some system cannot have."""
    with published(elsewhere()):
        about = verdicts.shown(name)
        return {key for key, said in about.values().items() if not said} if about.is_measured else set()


def without_second(page: str, text: str) -> Iterator[str]:
    known = claim_ids()
    for number, line in enumerate(lines(text.split("\n")), 1):
        for link in CLAIM.finditer(line.text):
            experiment, claim = known[link["id"]]
            if PLACE.search(link["words"]) and not link["second"] and may_be_missing(claim, experiment, line.needs):
                yield f"docs/{page}:{number}: {link[0]}"
        for link in MEASURED.finditer(line.text):
            experiment = link["name"].partition("/")[0]
            absent = experiment in not_everywhere() and (experiment,) not in line.needs
            if not link["second"] and (absent or values_missing(link["name"]) & {*PLACE.findall(link["words"])}):
                yield f"docs/{page}:{number}: {link[0]}"


@pytest.mark.parametrize("page", PAGES)
def test_a_value_that_may_be_missing_has_a_second_wording(page: str) -> None:
    nothing(
        without_second(page, source(page)),
        'no words for where the value is missing: write [… {value} …](claim:… "what follows without it"), or put the '
        'section under a heading with { data-needs="experiment" }:',
    )


def test_there_are_second_wordings() -> None:
    found = [
        link["second"] for page in PAGES for link in (*CLAIM.finditer(source(page)), *MEASURED.finditer(source(page)))
    ]
    assert sum(second is not None for second in found) >= 30
    assert {"choosing", "cuda-overlap", "memory"} < {*not_everywhere()} and "scaling" not in not_everywhere()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It is [{value} as fast](claim:waiting-scales-to-8).", True),
        ('It is [{value} as fast](claim:waiting-scales-to-8 "so").', False),
        ("[Eight scale](claim:waiting-scales-to-8).", False),
        ("It is [{value}](claim:workers-end-with-the-epoch).", False),
        ("It is [{value}](claim:a-held-generator-repeats).", True),
        ('## A { data-needs="right-results" }\n\nIt is [{value}](claim:a-held-generator-repeats).', False),
        ('## A { data-needs="right-results memory" }\n\nIt is [{value}](claim:a-held-generator-repeats).', True),
        ("It is [{workers}](measured:memory).", True),
        ("It is [{photo_ms}](measured:scaling).", False),
        ("It is [{fork_new}](measured:start-up).", True),
        ("It is [{spawn_new}](measured:start-up).", False),
    ],
)
def test_what_needs_a_second_wording(text: str, found: bool) -> None:
    assert bool([*without_second("p.md", text)]) == found


def test_a_second_wording_fits_where_the_first_stands() -> None:
    """It is part of a sentence, begins and ends as the first does, and is read as it is written: without markup."""
    wrong = []
    for page in PAGES:
        for number, line in enumerate(source(page).split("\n"), 1):
            for link in (*CLAIM.finditer(line), *MEASURED.finditer(line)):
                words, second = link["words"].strip("*"), link["second"]
                if second is None:
                    continue
                begins = words[:1].isupper() <= second[:1].isupper() or not second[:1].isalpha()
                ends = (words[-1:] in ".!?:;,") == (second[-1:] in ".!?:;,")
                if not (begins and ends and second.strip() == second and second) or re.search(
                    r"[{}*`\[\]]|  |[.!?] ", second
                ):
                    wrong.append(f"docs/{page}:{number}: {link[0]}")
    nothing(wrong, "not like the words that it replaces (their capital, their full stop), or with markup in it:")


# What readers see then.

LEFT_OUT = {"pre", "code", "nw-mark", "nw-about", "headerlink", "nw-figure", "nw-output", "nw-output-of"}
"""Elements, and classes of elements, that are no words of a sentence."""
WITH_WORDS = {"p", "li", "td", "th", "dd", "h1", "h2", "h3", "h4", "summary"}
APART = {"p", "ul", "ol", "table", "div", "details"}
"""What stands inside one of WITH_WORDS and is no part of its sentence."""


def is_left_out(element: Tag) -> bool:
    return bool(LEFT_OUT & {element.name, *element.get_attribute_list("class")})


def texts(element: Tag) -> Iterator[str]:
    """Its paragraphs, items, cells and headings, as text without marks."""
    for inner in element.find_all(recursive=False):
        if not is_left_out(inner):
            if inner.name in WITH_WORDS:
                yield re.sub(r"\s*\n\s*", " ", words(inner))
            yield from texts(inner)


def words(element: Tag) -> str:
    parts = []
    for each in element.children:
        if type(each) is NavigableString:
            parts.append(each)
        elif isinstance(each, Tag) and is_left_out(each):
            parts.append("`")
        elif isinstance(each, Tag) and each.name not in APART:
            parts.append(words(each))
    return "".join(parts)


HOLES = re.compile(
    r"""\(?(?:too\ noisy\ to\ tell|not\ measured\ here|errored)\)?  # a verdict
    | [{}]
    | (?<=\S)[\ \u00a0]{2,}(?=\S)                                   # two spaces
    | [\ \u00a0][.,;:!?](?=\s|$) | \(\s | \s\) | \(\)               # nothing before a comma, or in brackets
    """,
    re.IGNORECASE | re.VERBOSE,
)


def holes(page: BeautifulSoup) -> dict[str, set[str]]:
    """By text, the holes in it."""
    return {text: {hole[0] for hole in HOLES.finditer(text)} for text in texts(page)}


def unfinished(page: BeautifulSoup) -> Iterator[str]:
    """Paragraphs without a full stop. One that vanishes takes it along, one whose words change keeps it."""
    for paragraph in page.find_all("p", class_=False):
        if paragraph.find_parent(["figure", "td", "blockquote"]):
            continue
        text = " ".join(text for text in paragraph.find_all(string=True) if not text.find_parent(class_="nw-mark"))
        text = re.sub(r"\s+", " ", text).strip()
        if not re.search(r"[.!?:…][)”\"’]*$|\W$", text):
            yield text


def empty(page: BeautifulSoup) -> Iterator[str]:
    """Headings above nothing, and paragraphs, items and cells with nothing in them."""
    for heading in page.find_all(re.compile(r"^h\d$")):
        following = heading.find_next_sibling()
        if following is None or re.fullmatch(r"h\d", following.name) and following.name <= heading.name:
            yield heading.get_text()
    for element in page.find_all(["p", "li", "td"]):
        if not element.get_text(strip=True) and not element.find(["img", "svg", "a"]):
            before = element.find_previous(["p", "h1", "h2", "h3", "li"])
            yield f"{element.name} after {before.get_text()[:60] if before else 'nothing'}"


def amiss(page: str, name: str) -> Iterator[str]:
    """What is wrong in a situation, and is not so where everything was measured."""
    before, now = usual(page), shown(page, name)
    if page not in ABOUT_VERDICTS:
        known = set[str]().union(*holes(before).values())
        yield from (
            f"a hole, a verdict or a gap among the words: {text}" for text, h in holes(now).items() if h - known
        )
        yield from (
            f'nothing is left of it, so give its heading {{ data-needs="experiment" }}: {text}'
            for text in {*empty(now)} - {*empty(before)}
        )
    yield from (f"this ends without a full stop: {text}" for text in {*unfinished(now)} - {*unfinished(before)})


@pytest.mark.parametrize("name", SITUATIONS)
@pytest.mark.parametrize("page", PAGES)
def test_no_sentence_section_or_cell_has_a_hole(page: str, name: str) -> None:
    if rendered_in(page, name) != rendered(page):
        nothing(amiss(page, name), f"docs/{page}, {name}:")


def test_a_section_vanishes_from_the_table_of_contents_and_the_page() -> None:
    """Of MkDocs' search index nothing need be said: it is made from the page."""
    text = '# A\n\n## On a GPU { data-needs="cuda-overlap" }\n\nWords.\n\n## After\n\nMore.'
    for name, there in (("noisy", True), ("elsewhere", False)):
        made = markdown()
        with situation(name):
            html = made.convert(text)
        titles = [each["name"] for token in made.toc_tokens for each in token["children"]]  # pyright: ignore
        assert titles == (["On a GPU", "After"] if there else ["After"])
        assert ("Words" in html and "On a GPU" in html) == there
        assert "data-needs" not in html and "More" in html


# What is gone is not linked to.


@pytest.mark.parametrize("name", ["noisy", "elsewhere"])
def test_every_link_still_has_its_target(name: str) -> None:
    anchors = {page: {str(each["id"]) for each in shown(page, name).find_all(id=True)} for page in PAGES}
    lost = []
    for page in PAGES:
        for link in shown(page, name).find_all("a", href=re.compile("#")):
            path, _, anchor = str(link["href"]).partition("#")
            target = posixpath.normpath(posixpath.join("/", posixpath.dirname(page), path))[1:] if path else page
            if "://" not in path and target in anchors and anchor not in anchors[target]:
                lost.append(f"docs/{page}: {link['href']}: {link.get_text()[:60]}")
    nothing({*lost}, f"{name}: the target of these links is not there then. Link to what stays:")


@pytest.mark.parametrize("page", PAGES)
def test_a_figure_of_what_was_not_measured_vanishes(page: str) -> None:
    """But for the page that describes its experiment: there the box says why it is missing."""
    figures = shown(page, "nothing measured").find_all(class_="nw-figure")
    assert len(figures) == (source(page).count("](figure:") if page.startswith("reference/experiments/") else 0)
    assert all("not measured here (no such device)" in figure.get_text() for figure in figures)
