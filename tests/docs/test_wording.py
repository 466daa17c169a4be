"""Every sentence is whole where its value is missing: too noisy to tell, not measured here, or not to be had.

What it does not prove: that a second wording is true, and says no more than the mechanism does. People read that.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from snippets.lab import moment
from snippets.lab.judging.verdict import Verdict
from snippets.lab.markdown.sentences import CLAIM, MEASURED, mentions
from snippets.lab.markdown.verdicts import as_read
from snippets.lab.markdown.wording import PLACE

from .advice import nothing
from .pages import PAGES, markdown, source
from .situations import SITUATIONS, USUAL, parsed, rendered_in, shown, situation, verdicts_are
from .small_results import published, small

ABOUT_VERDICTS = {"reference/claims.md", "reference/first-versions.md", "reference/machines.md"}
"""Tables of verdicts, in words."""


# Which links need a second wording.


def without_second(page: str, text: str) -> Iterator[str]:
    """All that have a place for a value. There is always a machine, or a day, that has none for it."""
    for number, line in enumerate(text.split("\n"), 1):
        for link in (*CLAIM.finditer(line), *MEASURED.finditer(line)):
            if PLACE.search(link["words"]) and not link["second"]:
                yield f"docs/{page}:{number}: {link[0]}"


@pytest.mark.parametrize("page", PAGES)
def test_a_value_that_may_be_missing_has_a_second_wording(page: str) -> None:
    nothing(
        without_second(page, source(page)),
        'no words for where the value is missing: write [… {value} …](claim:… "what follows without it"):',
    )


def test_there_are_second_wordings() -> None:
    found = [
        link["second"] for page in PAGES for link in (*CLAIM.finditer(source(page)), *MEASURED.finditer(source(page)))
    ]
    assert sum(second is not None for second in found) >= 100


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It is [{value} as fast](claim:waiting-scales-to-8).", True),
        ('It is [{value} as fast](claim:waiting-scales-to-8 "so").', False),
        ("[Eight scale](claim:waiting-scales-to-8).", False),
        ("It is [{value}](claim:workers-end-with-the-epoch).", True),
        ("It is [{photo_ms}](measured:scaling).", True),
        ('It is [{photo_ms}](measured:scaling "–").', False),
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


BARE = {
    r"(?:(?:an?|one|some|many|several|few|another) )?\w+": "it names a thing, where a whole clause has room",
    r"(?:one|some)(?: part)? of .+|some \w+ and .+ some .+": "which one or how much is what the value would have told",
    r"as \w+|an? \w+ each|from the .+": "its verb waits for the value: takes a fork each, differs from the first",
    r"(?:no|without)(?: \w+){1,2}": "its verb waits for the value: needs no new start",
    r"not known.*": "it speaks of the page, and not of the matter",
}
"""Second wordings that are a hole in other words, each with what is wrong. A link that holds the whole clause has room
for another clause, which reads well.
"""


def bare(page: str, text: str) -> Iterator[str]:
    for number, line in enumerate(text.split("\n"), 1):
        for link in (*CLAIM.finditer(line), *MEASURED.finditer(line)):
            second = link["second"] or ""
            yield from (
                f"docs/{page}:{number}: “{second}”: {reason}"
                for pattern, reason in BARE.items()
                if re.fullmatch(pattern, second, re.IGNORECASE)
            )


@pytest.mark.parametrize("page", PAGES)
def test_a_second_wording_is_no_hole_in_other_words(page: str) -> None:
    nothing(bare(page, source(page)), "put the whole clause into the link, and write another clause beside it:")


@pytest.mark.parametrize(
    ("second", "is_bare"),
    [
        ("a count", True),
        ("less", True),
        ("some of the work of each photo", True),
        ("a fork each", True),
        ("no new start", True),
        ("not known here", True),
        ("–", False),
        ("so is a photo", False),
        ("workers add no cores", False),
        ("no pickle is sent", False),
        ("some batches without workers and some with one", False),
    ],
)
def test_what_is_a_hole_in_other_words(second: str, is_bare: bool) -> None:
    assert bool([*bare("p.md", f'It is [{{value}}](claim:waiting-scales-to-8 "{second}").')]) == is_bare


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
    parts: list[str] = []
    for each in element.children:
        if type(each) is NavigableString:
            parts.append(each)
        elif isinstance(each, Tag) and is_left_out(each):
            parts.append("" if "nw-mark" in each.get_attribute_list("class") else "`")  # a mark is no word
        elif isinstance(each, Tag) and each.name not in APART:
            parts.append(words(each))
    return "".join(parts)


HOLES = re.compile(
    r"""\(?(?:too\ noisy\ to\ tell|not\ measured\ here|errored)\)?  # a verdict
    | [{}]
    | (?<=\S)[\ \u00a0]{2,}(?=\S)                                   # two spaces
    | [\ \u00a0][.,;:!?](?=\s|$) | \(\s | \s\) | \(\)               # nothing before a comma, or in brackets
    | [,;:]\s?[.,;:](?=\s|$)                                       # nothing between two of them
    | \)\s?\(.{0,12} | \(\( | \)\)                                 # brackets behind brackets, or in them
    | \w+[.!?]\ (?-i:(?=[a-z])) | ^\s*[,;:.)]                       # a sentence that begins in its middle
    """,
    re.IGNORECASE | re.VERBOSE,
)


def holes(page: BeautifulSoup) -> dict[str, set[str]]:
    """By text, the holes in it."""
    return {text: {hole[0] for hole in HOLES.finditer(text)} for text in texts(page)}


def said(element: Tag) -> Iterator[str]:
    """All its texts, but for marks."""
    for each in element.children:
        if isinstance(each, Tag):
            yield from said(each) if "nw-mark" not in each.get_attribute_list("class") else ()
        elif isinstance(each, NavigableString):
            yield each


def unfinished(page: BeautifulSoup) -> Iterator[str]:
    """Paragraphs without a full stop. One that vanishes takes it along, one whose words change keeps it."""
    for paragraph in page.find_all("p", class_=False):
        text = re.sub(r"\s+", " ", " ".join(said(paragraph))).strip()
        is_whole = re.search(r"[.!?:…][)”\"’]*$|\W$", text)
        if not is_whole and not paragraph.find_parent(["figure", "td", "blockquote"]):
            yield text


def empty(page: BeautifulSoup) -> Iterator[str]:
    """Headings above nothing, and paragraphs, items and cells with nothing in them."""
    for heading in page.find_all(["h1", "h2", "h3", "h4", "h5", "h6"]):
        following = heading.find_next_sibling()
        if following is None or re.fullmatch(r"h\d", following.name) and following.name <= heading.name:
            yield heading.get_text()
    for element in page.find_all(["p", "li", "td"]):
        if any(element.stripped_strings) or element.find(["img", "svg", "a"]):
            continue
        if not element.find_parent(class_="nw-figure"):
            before = element.find_previous(["p", "h1", "h2", "h3", "li"])
            yield f"{element.name} after {before.get_text()[:60] if before else 'nothing'}"


@dataclass(frozen=True)
class Found:
    """What somebody would stumble over in a page: by text, the holes in it; headings and elements above nothing;
    paragraphs without a full stop.
    """

    holes: dict[str, set[str]]
    empty: set[str]
    unfinished: set[str]


@cache
def found(html: str) -> Found:
    """Looked for once where a page is the same in several situations."""
    page = parsed(html)
    return Found(holes(page), {*empty(page)}, {*unfinished(page)})


def amiss(page: str, name: str) -> Iterator[str]:
    """What is wrong in a situation, and is not so where everything was measured and holds."""
    before, now = found(rendered_in(page, USUAL)), found(rendered_in(page, name))
    if page not in ABOUT_VERDICTS:
        known = set[str]().union(*before.holes.values())
        yield from (f"a hole, a verdict or a gap among the words: {text}" for text, h in now.holes.items() if h - known)
        yield from (
            f'nothing is left of it, so give its heading {{ data-needs="experiment" }}: {text}'
            for text in now.empty - before.empty
        )
    yield from (f"this ends without a full stop: {text}" for text in now.unfinished - before.unfinished)


@pytest.mark.parametrize("name", SITUATIONS)
@pytest.mark.parametrize("page", PAGES)
def test_no_sentence_section_or_cell_has_a_hole(page: str, name: str) -> None:
    nothing(amiss(page, name), f"docs/{page}, {name}:")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_renders_where_nothing_could_be_measured(page: str) -> None:
    html = rendered_in(page, "nothing measured")
    assert html.count("not measured here") >= html.count('class="nw-measured"')
    assert re.findall(r"\{\w+\}", re.sub(r"<(pre|code)\b.*?</\1>", "", html, flags=re.DOTALL)) == []


def test_a_section_vanishes_from_the_table_of_contents_and_the_page() -> None:
    """Of MkDocs' search index nothing need be said: it is made from the page."""
    text = '# A\n\n## On a GPU { data-needs="cuda-overlap" }\n\nWords.\n\n## After\n\nMore.'
    for name, there in ((Verdict.TOO_NOISY, True), ("elsewhere", False)):
        made = markdown()
        with situation(name):
            html = made.convert(text)
        titles = [each["name"] for token in made.toc_tokens for each in token["children"]]  # pyrefly: ignore[missing-attribute]
        assert titles == (["On a GPU", "After"] if there else ["After"])
        assert ("Words" in html and "On a GPU" in html) == there
        assert "data-needs" not in html and "More" in html


# One claim of a sentence that speaks of more.


def with_several() -> Iterator[tuple[str, str, str]]:
    """Place, sentence, and one of its claims."""
    for claim, places in mentions().items():
        for mention in places:
            if len(CLAIM.findall(mention.sentence)) + len(MEASURED.findall(mention.sentence)) > 1:
                yield mention.place, mention.sentence, claim


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict != Verdict.HOLDS])
def test_a_sentence_is_whole_where_one_of_its_claims_is_judged_otherwise(verdict: Verdict) -> None:
    other = ""
    wrong = []
    with published(small()), verdicts_are(lambda claim: verdict if claim.id == other else Verdict.HOLDS):
        usual_ones = {place + sentence: as_read(sentence) for place, sentence, _ in with_several()}
        for place, sentence, claim in with_several():
            other = claim
            moment.renew()
            before, now = usual_ones[place + sentence], as_read(sentence)
            known = {hole[0] for hole in HOLES.finditer(before)}
            ends = before[:1].isupper() == now[:1].isupper() and before[-1:] == now[-1:]
            if not ends or any(hole[0] not in known for hole in HOLES.finditer(now)):
                wrong.append(f"{place}: {claim}: {now}")
    nothing(wrong, f"one claim {verdict}, the others hold:")


# What is gone is not linked to.


@pytest.mark.parametrize("name", [Verdict.TOO_NOISY, "elsewhere"])
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
