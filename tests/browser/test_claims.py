"""Marks and the ledger, as a reader meets them: by eye, by keyboard, by screen reader, and without JavaScript."""

import pytest
from playwright.sync_api import Browser, Page, expect

from .site import Site
from .visit import Visit

LEDGER, GUIDE = "reference/claims/", "guides/optimization/"


def cards(page: Page) -> list[str]:
    """The claims that can be seen."""
    return page.locator(".nw-card").evaluate_all("cards => cards.filter(c => c.checkVisibility()).map(c => c.id)")


def verdicts(page: Page) -> dict[str, str]:
    """Of each card, be it seen or not. Which claim has which verdict depends on the machine, and on files of others."""
    return dict(page.locator(".nw-card").evaluate_all("cards => cards.map(c => [c.id, c.dataset.verdict])"))


def rarest(of_cards: dict[str, str]) -> str:
    """A verdict that some cards have, and most have not."""
    found = [*of_cards.values()]
    return min(found, key=found.count)


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_label(label, exact=True).select_option(option)


MARKS = """links => links.map(link => {
    const mark = link.querySelector(".nw-mark");
    return [mark.textContent, link.textContent, link.title, getComputedStyle(mark, "::before").content];
})"""


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


def test_a_mark_leads_to_its_card_and_the_card_back(visitor: Visit) -> None:
    visitor.open(GUIDE)
    page = visitor.page
    page.locator("#claim-eight-batches-ahead").click()
    expect(page).to_have_url(f"{visitor.site.address}{LEDGER}#eight-batches-ahead")
    expect(page.locator(".nw-filter")).to_be_visible()  # the page is there, and its scripts have run
    card = page.locator("#eight-batches-ahead")
    expect(card).to_be_in_viewport()
    page.wait_for_function("() => history.state?.y === scrollY")  # the theme notes where a page was left
    card.get_by_role("link", name="Choosing num_workers", exact=True).click()
    expect(page).to_have_url(f"{visitor.site.address}{GUIDE}#claim-eight-batches-ahead")
    expect(page.locator("#claim-eight-batches-ahead")).to_be_in_viewport()
    assert visitor.complaints == []


def test_the_ledger_is_filtered_by_verdict_and_page(regular: Visit) -> None:
    regular.open(LEDGER)
    page = regular.page
    every = cards(page)
    assert len(every) == page.locator(".nw-card").count() >= 50
    expect(page.locator(".nw-filter output")).to_have_text(f"{len(every)} of {len(every)} claims")
    choose(page, "Page", "The helper sprites")
    of_page = cards(page)
    assert "helpers-hide-waiting" in of_page and "one-worker-one-batch" not in of_page
    of_cards = verdicts(page)
    verdict = rarest(of_cards)
    having = [claim for claim, its in of_cards.items() if its == verdict]
    assert 0 < len(having) < len(every)
    choose(page, "Verdict", verdict)
    assert cards(page) == [claim for claim in having if claim in of_page]
    choose(page, "Page", "")
    assert cards(page) == having
    expect(page.locator(".nw-filter output")).to_have_text(f"{len(having)} of {len(every)} claims")
    choose(page, "Verdict", "")
    assert cards(page) == every


def test_the_filter_is_there_once_after_instant_navigation(regular: Visit) -> None:
    regular.open(LEDGER)
    page = regular.page
    for name, address in (("Machines", "reference/machines/"), ("Claims", LEDGER)):
        page.locator(".md-nav--primary .md-nav__link", has_text=name).locator("visible=true").first.click()
        page.wait_for_url(f"**/{address}")
        expect(page.locator("h1")).to_contain_text(name)
    expect(page.locator(".nw-filter")).to_have_count(1)
    of_cards = verdicts(page)
    choose(page, "Verdict", rarest(of_cards))
    assert cards(page) == [claim for claim, verdict in of_cards.items() if verdict == rarest(of_cards)]


def test_without_javascript_all_claims_are_there(browser: Browser, site: Site) -> None:
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(site.address + LEDGER)
        assert len(cards(page)) >= 50
        assert page.locator(".nw-filter").count() == 0
        page.goto(site.address + GUIDE)
        assert page.locator("a.nw-claim .nw-mark").count() >= 20
    finally:
        context.close()
