"""Every sentence is whole where its value is missing: too noisy to tell, not measured here, or not to be had.

What it does not prove: that a second wording is true, and says no more than the mechanism does. People read that.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from functools import cache

import pytest
from bs4 import BeautifulSoup, Tag

from snippets.lab.catalog import experiment_names, measuring_module
from snippets.lab.instruments.experiment import Experiment
from snippets.lab.judging import rulings
from snippets.lab.judging.claim import Claim
from snippets.lab.judging.claims import claim_ids
from snippets.lab.judging.judge import Judgement, judge
from snippets.lab.judging.verdict import Verdict
from snippets.lab.machine.machine import Machine
from snippets.lab.markdown import verdicts
from snippets.lab.markdown.needs import Names, lines
from snippets.lab.markdown.sentences import CLAIM, MEASURED
from snippets.lab.markdown.wording import PLACE
from snippets.lab.results.results import Measured, Results

from .advice import nothing
from .pages import PAGES, markdown, source
from .small_results import published, render, rendered, small, unmeasured

ALWAYS = next(field.default for field in Experiment.__dataclass_fields__.values() if field.name == "unavailable")
EVERYWHERE = Claim.__dataclass_fields__
ABOUT_VERDICTS = {"reference/claims.md", "reference/first-versions.md"}
"""Tables of verdicts, in words."""


@cache
def not_everywhere() -> dict[str, Experiment]:
    """The experiments that say that they cannot run on every system."""
    made = {name: importlib.import_module(measuring_module(name)).EXPERIMENT for name in experiment_names()}
    return {name: one for name, one in made.items() if one.unavailable is not ALWAYS}


@cache
def elsewhere() -> Results:
    """As a system would have it that has spawn alone, and none of what an experiment may lack."""
    held = small()
    absent = unmeasured(held, "this system has none").experiments
    found = {
        name: absent[name] if name in not_everywhere() else _spawned(one) for name, one in held.experiments.items()
    }
    return replace(held, experiments=found)


def _spawned(one: Measured) -> Measured:
    renamed = [replace(each, arm=each.arm.replace("fork, second", "spawn, second")) for each in one.samples]
    samples = [each for each in renamed if not each.arm.startswith("fork")]
    return replace(one, samples=samples, again=None if one.again == "fork" else one.again, start_method="spawn")


def _noisy(claim: Claim, measured: Measured | None, machine: Machine) -> Judgement:
    """What could be decided cannot, but for counts, which noise does not touch."""
    found = judge(claim, measured, machine)
    decided = claim.bounds.kind == "count" or found.verdict in ("not measured here", "errored")
    return found if decided else Judgement(Verdict.TOO_NOISY, "the reason")


@contextmanager
def situation(name: str) -> Iterator[None]:
    held = {"noisy": small(), "elsewhere": elsewhere(), "nothing measured": unmeasured(small(), "no such device")}
    with published(held[name]), pytest.MonkeyPatch.context() as patch:
        if name == "noisy":
            patch.setattr(rulings, "judge", _noisy)
        yield


SITUATIONS = ("noisy", "elsewhere", "nothing measured")


@cache
def usual(page: str) -> BeautifulSoup:
    return BeautifulSoup(rendered(page), "html.parser")


@cache
def shown(page: str, name: str) -> BeautifulSoup:
    with situation(name):
        return BeautifulSoup(render(page), "html.parser")


# Which links need a second wording.


def may_be_missing(claim: Claim, experiment: str, needs: tuple[Names, ...]) -> bool:
    """Whether some machine cannot decide a claim of a part of a page with these needs."""
    if claim.bounds.kind != "count" or claim.needs_cores:
        return True
    limits = ("tiers", "below_cores", "start_methods")
    limited = any(getattr(claim, limit) != EVERYWHERE[limit].default for limit in limits)
    return (limited or experiment in not_everywhere()) and (experiment,) not in needs


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
    assert {"cuda-overlap", "memory", "stragglers"} < {*not_everywhere()} and "scaling" not in not_everywhere()


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

LEFT_OUT = ".nw-mark, pre, code, .nw-about, .headerlink, .nw-figure, .nw-output, .nw-output-of"


def texts(page: BeautifulSoup) -> Iterator[str]:
    """Its paragraphs, items, cells and headings, as text without marks."""
    page = copy(page)
    for element in page.select(LEFT_OUT):
        element.replace_with("`")
    for element in page.select("p, li, td, th, dd, h1, h2, h3, h4, summary"):
        for inner in element.select("p, ul, ol, table, div, details"):
            inner.extract()
        yield re.sub(r"\s*\n\s*", " ", element.get_text())


HOLES = re.compile(
    r"""\(?(?:too\ noisy\ to\ tell|not\ measured\ here|errored)\)?  # a verdict
    | [{}]
    | (?<=\S)[\ \u00a0]{2,}(?=\S)                                   # two spaces
    | [\ \u00a0][.,;:!?](?=\s|$) | \(\s | \s\) | \(\)               # nothing before a comma, or in brackets
    """,
    re.IGNORECASE | re.VERBOSE,
)


@pytest.mark.parametrize("name", SITUATIONS)
@pytest.mark.parametrize("page", sorted({*PAGES} - ABOUT_VERDICTS))
def test_no_sentence_has_a_hole(page: str, name: str) -> None:
    known = {hole[0] for text in texts(usual(page)) for hole in HOLES.finditer(text)}
    said = [text for text in texts(shown(page, name)) if {found[0] for found in HOLES.finditer(text)} - known]
    nothing(said, f"docs/{page}, {name}: a hole, a verdict or a gap among the words:")


@pytest.mark.parametrize("name", SITUATIONS)
@pytest.mark.parametrize("page", PAGES)
def test_sentences_end_as_they_usually_do(page: str, name: str) -> None:
    """Counted: a paragraph that vanishes takes its full stop with it, one whose words change keeps it."""
    known = {*unfinished(usual(page))}
    nothing({*unfinished(shown(page, name))} - known, f"docs/{page}, {name}: this ends without a full stop:")


def unfinished(page: BeautifulSoup) -> Iterator[str]:
    for paragraph in page.select("p"):
        if paragraph.find_parent(["figure", "td", "blockquote"]) or paragraph.get("class"):
            continue
        said = " ".join(text for text in paragraph.find_all(string=True) if not text.find_parent(class_="nw-mark"))
        said = re.sub(r"\s+", " ", said).strip()
        if not re.search(r"[.!?:…][)”\"’]*$|\W$", said):
            yield said


@pytest.mark.parametrize("name", SITUATIONS)
@pytest.mark.parametrize("page", sorted({*PAGES} - ABOUT_VERDICTS))
def test_no_section_item_or_cell_is_empty(page: str, name: str) -> None:
    known = {*empty(usual(page))}
    nothing(
        {*empty(shown(page, name))} - known,
        f'docs/{page}, {name}: nothing is left of it. Give its heading {{ data-needs="experiment" }}:',
    )


def empty(page: BeautifulSoup) -> Iterator[str]:
    """Headings above nothing, and paragraphs, items and cells with nothing in them."""
    for heading in page.select("h1, h2, h3, h4, h5, h6"):
        following = heading.find_next_sibling()
        if following is None or (_level(following) and _level(following) <= _level(heading)):
            yield heading.get_text()
    for element in page.select("p, li, td"):
        if not element.get_text(strip=True) and not element.select("img, svg, a"):
            yield f"{element.name} after {_before(element)}"


def _level(element: Tag) -> int:
    return int(element.name[1]) if re.fullmatch(r"h\d", element.name) else 0


def _before(element: Tag) -> str:
    before = element.find_previous(["p", "h1", "h2", "h3", "li"])
    return before.get_text()[:60] if before else "nothing"


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


@pytest.mark.parametrize("page", PAGES)
def test_no_page_says_what_its_parts_need(page: str) -> None:
    assert "data-needs" not in re.sub(r"<code>.*?</code>", "", rendered(page))


# What is gone is not linked to.


def anchors(name: str) -> dict[str, set[str]]:
    return {page: {str(each["id"]) for each in shown(page, name).select("[id]")} for page in PAGES}


@pytest.mark.parametrize("name", ["noisy", "elsewhere"])
def test_every_link_still_has_its_target(name: str) -> None:
    there, lost = anchors(name), []
    for page in PAGES:
        for link in shown(page, name).select("a[href*='#']"):
            path, _, anchor = str(link["href"]).partition("#")
            if "://" in path:
                continue
            target = _resolved(page, path)
            if target in there and anchor not in there[target]:
                lost.append(f"docs/{page}: {link['href']}: {link.get_text()[:60]}")
    nothing({*lost}, f"{name}: the target of these links is not there then. Link to what stays:")


def _resolved(page: str, path: str) -> str:
    """A page as PAGES names it, from a link on another."""
    if not path:
        return page
    if path.startswith("/"):
        return path[1:]
    parts = page.split("/")[:-1]
    for part in path.split("/"):
        parts = parts[:-1] if part == ".." else [*parts, part]
    return "/".join(parts)


@pytest.mark.parametrize("page", PAGES)
def test_a_figure_of_what_was_not_measured_vanishes(page: str) -> None:
    """But for the page that describes its experiment: there the box says why it is missing."""
    found = shown(page, "nothing measured").select(".nw-figure")
    assert len(found) == (source(page).count("](figure:") if page.startswith("reference/experiments/") else 0)
    assert all("not measured here (no such device)" in figure.get_text() for figure in found)
