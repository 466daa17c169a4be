"""Marks and the ledger, as a reader meets them: by eye, by keyboard, by screen reader, and without JavaScript."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from snippets.lab.judging.claims import claim_ids

from .site import Site
from .visit import WIDTHS, Visit, visiting

LEDGER, GUIDE = "reference/claims/", "guides/optimization/"
ROWS = ".nw-ledger tbody tr"
MOST_ELEMENTS = 12 * len(claim_ids())
"""Of the ledger's page, with one card open or none. A card for each claim would be three times as many."""


def seen(page: Page) -> list[str]:
    """The claims whose rows can be seen, from above."""
    return page.locator(ROWS).evaluate_all("rows => rows.filter(r => r.checkVisibility()).map(r => r.id)")


def verdicts(page: Page) -> dict[str, str]:
    """Of each row, be it seen or not. Which claim has which verdict depends on the machine, and on files of others."""
    return dict(page.locator(ROWS).evaluate_all("rows => rows.map(r => [r.id, r.cells[1].textContent])"))


def rarest(of_rows: dict[str, str]) -> str:
    """A verdict that some rows have, and most have not."""
    found = [*of_rows.values()]
    return min(found, key=found.count)


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_label(label, exact=True).select_option(option)


MARKS = """links => links.map(link => {
    const mark = link.querySelector(".nw-mark");
    return [mark.textContent, link.textContent, link.title, getComputedStyle(mark, "::before").content];
})"""


SHIFTS = """() => new Promise(done => {
    const seen = new PerformanceObserver(list => done(list.getEntries().map(shift => shift.value)));
    seen.observe({ type: "layout-shift", buffered: true });
    setTimeout(done, 500, []);
})"""
"""What moved that a reader had seen, without having done anything."""


def test_a_mark_is_read_out_and_has_a_shape(regular: Visit) -> None:
    regular.open(GUIDE)
    shapes = {}
    for mark, words, detail, shape in regular.page.locator("a.nw-claim").evaluate_all(MARKS):
        said = mark.strip(" ()")
        assert said and said in words
        verdict = said.removeprefix("verdict: ")
        assert detail.lower().startswith(verdict)
        shapes[verdict] = shape
    assert "holds" in shapes
    assert len(set(shapes.values())) == len(shapes), "no two verdicts have one shape"
    assert "none" not in shapes.values()


@pytest.mark.parametrize("way", ["focus", "hover"])
def test_the_detail_comes_on_focus_or_hover(regular: Visit, way: str) -> None:
    regular.open(GUIDE)
    link = regular.page.locator("#claim-eight-batches-ahead")
    detail = str(link.get_attribute("title"))
    assert "Must be exactly 8." in detail
    link.scroll_into_view_if_needed()
    link.focus() if way == "focus" else link.hover()
    expect(regular.page.locator(".md-tooltip2--active")).to_contain_text("Must be exactly 8.")


def test_a_mark_leads_to_its_card_which_opens_and_the_card_back(visitor: Visit) -> None:
    visitor.open(GUIDE)
    page = visitor.page
    page.locator("#claim-eight-batches-ahead").click()
    expect(page).to_have_url(f"{visitor.site.address}{LEDGER}#eight-batches-ahead")
    card = page.locator("#eight-batches-ahead .nw-card")
    expect(card).to_be_in_viewport()
    assert page.locator(".nw-card").count() == 1
    assert page.evaluate("document.querySelectorAll('*').length") < MOST_ELEMENTS
    page.wait_for_function("() => history.state?.y === scrollY")  # the theme notes where a page was left
    card.get_by_role("link", name="Choosing num_workers", exact=True).click()
    expect(page).to_have_url(f"{visitor.site.address}{GUIDE}#claim-eight-batches-ahead")
    expect(page.locator("#claim-eight-batches-ahead")).to_be_in_viewport()
    assert visitor.complaints == []


def test_the_ledger_is_filtered_by_verdict_page_and_words(regular: Visit) -> None:
    regular.open(LEDGER)
    page = regular.page
    said = page.locator(".nw-filter output")
    every = seen(page)
    assert len(every) == page.locator(ROWS).count() >= 50
    expect(said).to_have_text(f"{len(every)} of {len(every)} claims")
    choose(page, "Page", "The helper sprites")
    of_page = seen(page)
    assert "helpers-hide-waiting" in of_page and "one-worker-one-batch" not in of_page
    of_rows = verdicts(page)
    verdict = rarest(of_rows)
    having = [claim for claim, its in of_rows.items() if its == verdict]
    assert 0 < len(having) < len(every)
    choose(page, "Verdict", verdict)
    assert seen(page) == [claim for claim in having if claim in of_page]
    choose(page, "Page", "")
    assert seen(page) == having
    expect(said).to_have_text(f"{len(having)} of {len(every)} claims")
    choose(page, "Verdict", "")
    page.get_by_label("Words", exact=True).fill("Eight-batches-ahead")
    assert seen(page) == ["eight-batches-ahead"]
    page.get_by_label("Words", exact=True).press("Enter")
    assert page.url == regular.site.address + LEDGER, "nothing is sent"
    page.get_by_label("Words", exact=True).fill("")
    assert seen(page) == every


def test_the_ledger_is_sorted_by_keyboard_and_says_so(regular: Visit) -> None:
    regular.open(LEDGER)
    page = regular.page
    before = verdicts(page)
    heading = page.get_by_role("columnheader", name="Verdict")
    heading.get_by_role("button").focus()
    page.keyboard.press("Enter")
    upwards = verdicts(page)
    assert [*upwards.values()] == sorted(before.values())
    assert upwards == before
    assert heading.get_attribute("aria-sort") == "ascending"
    page.keyboard.press("Enter")
    assert [*verdicts(page).values()] == sorted(before.values(), reverse=True)
    assert heading.get_attribute("aria-sort") == "descending"
    page.get_by_role("columnheader", name="Page").get_by_role("button").click()
    assert page.locator("[aria-sort]").count() == 1


def test_a_row_opens_by_keyboard_and_its_card_is_made_then(regular: Visit) -> None:
    regular.open(LEDGER)
    page = regular.page
    assert page.locator(".nw-card").count() == 0
    assert page.evaluate("document.querySelectorAll('*').length") < MOST_ELEMENTS
    page.locator("#eight-batches-ahead summary").focus()
    page.keyboard.press("Enter")
    card = page.locator("#eight-batches-ahead .nw-card")
    expect(card).to_contain_text("must be exactly 8.")
    expect(card.get_by_role("link", name="How it was measured")).to_have_attribute("href", re.compile("#counted$"))


def test_nothing_moves_while_the_ledger_loads(browser: Browser, site: Site) -> None:
    for width in WIDTHS:
        with visiting(browser, site, width=width) as visit:
            visit.open(LEDGER)
            expect(visit.page.locator(".nw-filter form")).to_be_visible()
            assert visit.page.evaluate(SHIFTS) == [], width


def test_the_filter_is_there_once_after_instant_navigation(regular: Visit) -> None:
    regular.open(LEDGER)
    page = regular.page
    for name, address in (("Machines", "reference/machines/"), ("Claims", LEDGER)):
        page.locator(".md-nav--primary .md-nav__link", has_text=name).locator("visible=true").first.click()
        page.wait_for_url(f"**/{address}")
        expect(page.locator("h1")).to_contain_text(name)
    expect(page.locator(".nw-filter form")).to_have_count(1)
    of_rows = verdicts(page)
    choose(page, "Verdict", rarest(of_rows))
    assert seen(page) == [claim for claim, verdict in of_rows.items() if verdict == rarest(of_rows)]


def test_without_javascript_all_claims_are_there_and_open(browser: Browser, site: Site) -> None:
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(site.address + LEDGER)
        rows = page.locator(ROWS)
        assert rows.count() == page.locator(".nw-card").count() >= 50
        rows.first.locator("summary").click()
        expect(rows.first.locator(".nw-card")).to_be_visible()
        page.goto(site.address + GUIDE)
        assert page.locator("a.nw-claim .nw-mark").count() >= 20
    finally:
        context.close()
