"""Every page outside this site that a page links to is listed, with the day on which it was last seen.

What it does not prove: that the page is still there, or still says so. No build asks another host for anything.
"""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit

import pytest

from .advice import nothing
from .pages import PAGES, source

SOURCES = "reference/sources.md"
OF_A_PACKAGE = re.compile(r"/(?:project|package|simple)/[^/]+")
"""The path below which a registry shows one package."""
OUTSIDE = re.compile(r"\]\((https?://[^()\s]+)\)")
ROW = re.compile(
    r"^\| \[(?P<title>[^\]]+)\]\((?P<address>[^()\s]+)\) \| (?P<what>[^|]+) \| (?P<seen>[\d-]+) \|$", re.MULTILINE
)


def linked() -> set[str]:
    """What the pages link to, but for the list itself."""
    return {address for page in PAGES if page != SOURCES for address in OUTSIDE.findall(source(page))}


def listed() -> list[re.Match[str]]:
    return [*ROW.finditer(source(SOURCES))]


def test_each_link_to_another_site_is_listed() -> None:
    nothing(
        linked() - {row["address"] for row in listed()},
        f"a link that is not in docs/{SOURCES}: look at the page, and add it with what you took from it and the day:",
    )


def test_nothing_is_listed_that_no_page_links_to() -> None:
    nothing(
        {row["address"] for row in listed()} - linked(), f"linked by no page any more: delete it from docs/{SOURCES}:"
    )


def test_each_source_is_listed_once_and_was_seen_on_a_day() -> None:
    addresses = [row["address"] for row in listed()]
    assert len(addresses) == len({*addresses}) == len(OUTSIDE.findall(source(SOURCES))) > 20
    for row in listed():
        assert date.fromisoformat(row["seen"]) <= date.today(), row["address"]
        assert row["address"].startswith("https://"), row["address"]


def test_a_source_is_where_something_is_written_and_no_registry() -> None:
    """A registry has what somebody uploaded. What a library does stands in its repository or its documentation."""
    nothing(
        {address for address in linked() if OF_A_PACKAGE.match(urlsplit(address).path)},
        "an address in a package registry: link the library's repository or its documentation:",
    )


TRIED = re.compile(r"\b[Ww]e (?:tried|ran) [^.]*|\bby hand\b[^.]*|[^.]*\bwhen we tried\b[^.]*|\bWhen we tried\b[^.]*")
DAY = re.compile(r"\b20\d\d-\d\d-\d\d\b")
RUN_HERE = {
    "guides/optimization.md": "the section's experiments run in each build",
    "how-to/leave-dataloader.md": "the sentence says what the others do",
    "how-to/find-the-bottleneck.md": "not we, but the reader",
}
"""By page: why what it says we tried needs no day."""


@pytest.mark.parametrize("page", [page for page in PAGES if page not in RUN_HERE])
def test_what_was_tried_by_hand_names_its_day(page: str) -> None:
    """No build runs it again: only the day tells how old it is."""
    lines = [line for line in source(page).split("\n") if TRIED.search(line)]
    nothing([line for line in lines if not DAY.search(line)], f"docs/{page}: say when it was tried:")


def test_a_link_in_the_code_is_no_source() -> None:
    """Only links that readers can follow: addresses inside blocks and inline code are text."""
    assert not OUTSIDE.findall("`https://example.org` and <https://example.org>")
