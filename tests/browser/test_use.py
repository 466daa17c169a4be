"""What a reader does with the site: search, switch the scheme, walk from page to page."""

from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, expect

from .site import Site, planned_pages
from .visit import DARK, WIDE, WIDTHS, Visit, hit_of_search, visiting


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("reference/experiments/counts/#knobs", "reference/experiments/costs/#knobs"),
        ("reference/experiments/predicting/#other-tuners", "reference/experiments/choosing/#other-tuners"),
    ],
)
def test_a_page_that_another_has_taken_in_is_found_at_its_old_address(visitor: Visit, was: str, now: str) -> None:
    visitor.open(was)
    visitor.page.wait_for_url(visitor.site.address + now)
    expect(visitor.page.locator(f"h2#{now.partition('#')[2]}")).to_be_in_viewport()


def test_who_is_lost_and_runs_no_script_is_told_what_has_moved(browser: Browser, site: Site) -> None:
    page = browser.new_page(java_script_enabled=False)
    try:
        page.goto(f"{site.address}nowhere/")
        links = page.locator("[data-nw-was]")
        expect(links).not_to_have_count(0)
        for address in [link.get_attribute("href") or "" for link in links.all()]:
            answer = page.request.get(urljoin(site.address, address))
            assert answer.ok, address
    finally:
        page.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_search_finds(visitor: Visit, width: int) -> None:
    visitor.open()
    page = visitor.at(width)
    if width != WIDE:
        page.locator("label.md-header__button[for=__search]").click()
    hit_of_search(page, "persistent_workers").click()
    expect(page.locator(".md-content article")).to_contain_text("persistent_workers")
    assert visitor.complaints == []


def test_who_prefers_the_dark_scheme_sees_it(browser: Browser, site: Site) -> None:
    with visiting(browser, site, DARK) as visit:
        visit.open()
        expect(visit.page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
        assert visit.complaints == []


def test_palette_toggle_is_remembered(visitor: Visit) -> None:
    visitor.open()
    page = visitor.page
    light = _scheme_and_paper(visitor)
    assert light[0] == "default"
    page.locator("#nw-scheme label:visible").click()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    visitor.settle()
    dark = _scheme_and_paper(visitor)
    assert dark[1] != light[1]
    page.reload()
    assert _scheme_and_paper(visitor) == dark
    page.locator("#nw-scheme label:visible").click()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "default")
    assert visitor.complaints == []


def test_palette_toggle_works_by_keyboard(visitor: Visit) -> None:
    visitor.open()
    visitor.page.locator("#nw-scheme input").first.focus()
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")


def _scheme_and_paper(visit: Visit) -> list[str]:
    return visit.page.evaluate(
        "() => [document.body.dataset.mdColorScheme, getComputedStyle(document.body).backgroundColor]"
    )


def test_walk_through_all_pages_is_quiet(visitor: Visit) -> None:
    """Without a reload: instant navigation swaps the content, and what a page brought may stay behind."""
    visitor.open()
    page = visitor.page
    page.wait_for_load_state("networkidle")
    page.evaluate("() => { window.notReloaded = true; }")
    for target in planned_pages():
        if target in ("", "404.html"):
            continue
        goal = visitor.site.address + target
        # Found and clicked in one go: between two, the theme may swap what was found.
        clicked = page.evaluate(
            """goal => {
                const seen = [...document.querySelectorAll("a")].find(a => a.href === goal && a.checkVisibility());
                seen?.click();
                return Boolean(seen);
            }""",
            goal,
        )
        assert clicked, f"no link to {target} in sight"
        page.wait_for_url(lambda url, goal=goal: url.partition("#")[0] == goal)
        # The address changes before the page does.
        page.wait_for_function("end => document.querySelector('link[rel=canonical]').href.endsWith(end)", arg=target)
        expect(page.locator(".md-content article h1")).to_be_visible()
        assert page.evaluate("() => window.notReloaded") is True, f"{target} was loaded afresh"
        page.wait_for_load_state("networkidle")
    assert visitor.complaints == []
