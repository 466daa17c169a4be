"""Who comes with a symptom finds the fix: from the front page in three clicks at most, or by search at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from snippets.lab.markdown.output_block import messages
from snippets.lab.output import Output
from snippets.lab.outputs import outputs

from .messages import FAILING, REPRODUCED, VARIES, Section
from .site import Built, Site
from .visit import Visit, visiting

MOST_CLICKS = 3


@dataclass(frozen=True)
class Symptom:
    """`clicks`: what the links say that lead from the front page to the fix. `searches`: what one would type, or paste.

    `clicked` and `found`: the section with the fix, as the end of its address.
    """

    clicked: str
    clicks: tuple[str, ...]
    found: str
    searches: tuple[str, ...]


SYMPTOMS = {
    "slow first batch": Symptom(
        "troubleshooting/slow/#the-first-batch-of-every-epoch-is-slow",
        ("Keep the workers",),
        "troubleshooting/slow/#the-first-batch-of-every-epoch-is-slow",
        ("slow first batch", "first batch of every epoch is slow"),
    ),
    "memory growth": Symptom(
        "troubleshooting/memory/#memory-grows",
        ("What the workers copy",),
        "troubleshooting/memory/#memory-grows",
        ("memory grows", "memory grows every batch"),
    ),
    "bus error": Symptom(
        "troubleshooting/memory/#bus-error",
        ("All messages and symptoms", "No space left on device"),
        "troubleshooting/memory/#bus-error",
        (
            "Bus error",
            "RuntimeError: DataLoader worker (pid 4711) is killed by signal: Bus error.",
            "unable to allocate shared memory(shm) for file </torch_4711_1_0>: No space left on device (28)",
        ),
    ),
    "same augmentations": Symptom(
        "how-to/get-right-results/#random-numbers",
        ("Right results with workers", "Random numbers"),
        "troubleshooting/batches/#same-augmentations",
        ("same augmentations in every worker",),
    ),
    "no speed-up beyond 2": Symptom(
        "troubleshooting/slow/#no-speed-up-beyond-two-workers",
        ("You have run out of cores",),
        "troubleshooting/slow/#no-speed-up-beyond-two-workers",
        ("no speed-up beyond 2 workers", "more workers no speed-up"),
    ),
}
"""The five that readers come with most."""

each = pytest.mark.parametrize("name", SYMPTOMS)


@each
def test_few_clicks_lead_from_the_front_page_to_the_fix(regular: Visit, name: str) -> None:
    symptom = SYMPTOMS[name]
    assert len(symptom.clicks) <= MOST_CLICKS
    regular.open()
    for words in symptom.clicks:
        follow(regular.page, words)
    page, _, section_id = symptom.clicked.partition("#")
    assert urlsplit(regular.page.url).path.endswith(page)
    section = regular.page.locator(f"#{section_id}")
    expect(section).to_be_visible()


def follow(page: Page, words: str) -> None:
    """Click the link in the text, or in a row of a table, that says this."""
    row = page.locator("article tr", has_text=words).locator("a")
    link = row.or_(page.locator("article a, .md-sidebar--secondary a", has_text=words)).first
    goal = link.evaluate("link => link.href")
    link.click()
    page.wait_for_url(goal)
    expect(page.locator("article h1")).to_be_visible()


SEARCHES = [(name, words) for name, symptom in SYMPTOMS.items() for words in symptom.searches]


@pytest.fixture(scope="module")
def searching(browser: Browser, site: Site) -> Iterator[Visit]:
    """On the front page, with the cursor in the field of the search."""
    with visiting(browser, site) as visit:
        visit.open()
        visit.page.locator(".md-search__input").click()
        yield visit


@pytest.mark.parametrize(("name", "words"), SEARCHES, ids=[words[:40] for _, words in SEARCHES])
def test_the_first_hit_of_a_search_is_the_fix(searching: Visit, name: str, words: str) -> None:
    found = first_hit(searching, words)
    assert any(address.endswith(SYMPTOMS[name].found) for address in found), found


def test_a_message_that_is_pasted_is_found(searching: Visit, built_site: Built) -> None:
    """The line of each failing script that its section is headed by, as this build printed it."""
    said = outputs.read(built_site.root / "measured" / "outputs.json")
    pasted = {anchor: line for anchor, section in FAILING.items() if (line := headed_by(section, said))}
    assert len(pasted) >= REPRODUCED
    lost = {}
    for anchor, line in pasted.items():
        found = first_hit(searching, line)
        if not any(address.endswith(f"#{anchor}") for address in found[:3]):
            lost[anchor] = (line, found[:3])
    assert lost == {}, "pasted into the search, these are not found at once"


def headed_by(section: Section, said: dict[str, Output]) -> str | None:
    """The line of what a script said that stands in its section's heading; None where it has no message of its own."""
    assert section.failing
    words = [
        part for part in VARIES.split(section.title.split("`")[1] if "`" in section.title else "") if len(part) > 12
    ]
    lines = messages(said[section.failing].text).splitlines()
    return next((line.strip() for line in lines if words and all(part.strip() in line for part in words)), None)


def first_hit(visit: Visit, words: str) -> list[str]:
    """The addresses of the page that is found first and of its sections that are shown below it."""
    page, first = visit.page, visit.page.locator(".md-search-result__item").first
    page.locator(".md-search__input").fill("")
    expect(page.locator(".md-search-result__meta")).to_have_text("Type to start searching")
    expect(first).to_have_count(0)
    page.evaluate("words => navigator.clipboard.writeText(words)", words)
    page.keyboard.press("ControlOrMeta+V")
    expect(first).to_be_visible()
    return [
        f"{link.path}#{link.fragment}"
        for link in map(urlsplit, first.locator("a").evaluate_all("links => links.map(link => link.href)"))
    ]
