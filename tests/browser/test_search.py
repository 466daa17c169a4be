"""The search answers whatever is typed: no word, and no beginning of one, makes it fail. And it answers those who come
with a symptom, in the words in which others wrote of theirs: the section that has the fix comes first.

lunr, which the theme searches with, keeps all words in a set in which it takes two that end differently for one where
digits stand in unlucky places. Each query that meets such a word ends in an error, and its reader sees "No matching
documents". Pages have other numbers in each build, so digits are no part of words: see mkdocs.yml.
"""

import html
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from .reports import reports
from .site import Built, Site
from .visit import visiting

BEGIN = """async ([index, worker]) => {
    const searching = new Worker(worker);
    const answer = () => new Promise(done => { searching.onmessage = event => done(event.data) });
    window.send = message => { const said = answer(); searching.postMessage(message); return said };
    const data = await (await fetch(index)).json();
    await send({type: 0, data: {...data, options: {suggest: false}}});
}"""
ASK = """async queries => {
    const found = [];
    for (const query of queries) {
        const [first] = (await send({type: 2, data: query})).data.items;
        found.push(first ? first[0].location : "");
    }
    return found;
}"""
"""The theme's own messages: 0 sets the index up, 2 asks. What comes back is grouped by page, the best first in both."""

AT_ONCE = 40
"""Words of a query that fails where any of them would: lunr looks up each by itself, and puts all hits together."""

FOUND_FIRST = 0.95
"""Of the lines of all reports: at least so many find their section first."""


@pytest.fixture(scope="module")
def searching(browser: Browser, site: Site) -> Iterator[Page]:
    """A page with a search that is set up, which takes longer than a hundred queries."""
    (worker,) = (site.root / "assets" / "javascripts" / "workers").glob("search.*.js")
    with visiting(browser, site) as visit:
        visit.open()
        index, script = "search/search_index.json", f"assets/javascripts/workers/{worker.name}"
        visit.page.evaluate(BEGIN, [site.address + index, site.address + script])
        yield visit.page


def ask(searching: Page, queries: list[str]) -> list[str]:
    """By query: the address of the section, or page, that is found first, relative to the site; "" where nothing is."""
    return searching.evaluate(ASK, queries)


def index_of(root: Path) -> dict:
    return json.loads((root / "search" / "search_index.json").read_text(encoding="utf-8"))


def words(root: Path) -> list[str]:
    """The words of all pages, and how they begin, as the index has them."""
    docs = index_of(root)["docs"]
    text = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", f"{doc['title']} {doc['text']}")) for doc in docs)
    whole = {re.sub(r"^\W+|\W+$", "", word) for word in re.split(r"[\s\-\d]+", text.lower())}
    return sorted({word[:end] for word in whole for end in range(1, len(word) + 1) if re.fullmatch(r"\w+", word[:end])})


def test_no_word_makes_the_search_fail(searching: Page, built_site: Built) -> None:
    failed: list[str] = []
    searching.on("console", lambda message: failed.append(message.text))
    every = words(built_site.root)
    queries = [" ".join(every[start : start + AT_ONCE]) for start in range(0, len(every), AT_ONCE)]
    found = ask(searching, queries)
    assert [text for text in failed if "Invalid query" in text] == []
    assert len(every) > 1_000 and "" not in found


def test_no_word_has_a_digit(built_site: Built) -> None:
    """What the pages say of another build may be as unlucky as those of this one are lucky."""
    separator = index_of(built_site.root)["config"]["separator"]
    assert all(re.fullmatch(separator, digit) for digit in "0123456789")


def test_who_comes_with_a_symptom_finds_its_section_first(searching: Page) -> None:
    asked = [(line, report) for report in reports() for line in report.lines()]
    found = ask(searching, [line for line, _ in asked])
    lost = [
        f"{line!r}: {first}, not {report.answer}"
        for (line, report), first in zip(asked, found, strict=True)
        if first not in (report.answer, *report.also)
    ]
    advice = "say these words in the section that has the answer, in its heading, or in docs/asked.toml:"
    assert len(lost) <= (1 - FOUND_FIRST) * len(asked), "\n".join([advice, *lost])


def test_each_report_has_an_answer(built_site: Built) -> None:
    """Its words, an address that nobody else has, and a section that the search knows."""
    there = {doc["location"] for doc in index_of(built_site.root)["docs"]}
    every = [*reports()]
    answers = {report.source: {report.answer, *report.also} for report in every}
    assert [report.source for report in every if not report.lines() or answers[report.source] - there] == []
    assert [source for source, times in Counter(report.source for report in every).items() if times > 1] == []
    assert all(report.source.startswith("https://") for report in every)


def test_the_ledgers_come_last(searching: Page, built_site: Built) -> None:
    """They repeat what the pages say, without the advice: who asks in the pages' own words is led to the pages."""
    headings = [doc for doc in index_of(built_site.root)["docs"] if doc["location"].startswith("troubleshooting/")]
    found = ask(searching, [html.unescape(re.sub(r"<[^>]+>", "", doc["title"])) for doc in headings])
    assert [first for first in found if first.startswith("reference/")] == []
