"""What a reader does with the site: search, copy, open, switch the scheme, walk from page to page."""

import pytest
from playwright.sync_api import Browser, expect

from .axe import violations
from .site import Site, planned_pages
from .visit import NARROW, WIDE, WIDTHS, Visit, visiting

each_page = pytest.mark.parametrize("page", planned_pages(), ids=lambda page: page.strip("/") or "home")


def test_front_page_opens_with_a_picture(visitor: Visit) -> None:
    visitor.open()
    assert visitor.page.locator("figure svg[role=img]").count() > 0


@pytest.mark.parametrize("width", WIDTHS)
def test_search_finds(visitor: Visit, width: int) -> None:
    visitor.open()
    page = visitor.at(width)
    if width != WIDE:
        page.locator("label.md-header__button[for=__search]").click()
    page.locator(".md-search__input").click()
    page.keyboard.type("persistent_workers")
    result = page.locator(".md-search-result__item a").first
    expect(result).to_be_visible(timeout=10_000)
    result.click()
    expect(page.locator(".md-content article")).to_contain_text("persistent_workers")
    assert visitor.complaints == []


@each_page
def test_copy_button_copies_the_code(visitor: Visit, page: str) -> None:
    visitor.open(page)
    visitor.page.evaluate("() => document.querySelectorAll('details').forEach(d => d.open = true)")
    with visitor.styled(".tabbed-block { display: block !important; }"):
        blocks = visitor.page.locator(".highlight:not(.no-copy *):has(pre > code)").all()
        assert len(blocks) == visitor.page.locator("article pre:not(.no-copy *, .nw-output *)").count()
        for block in blocks:
            expected = (block.locator("pre > code").text_content() or "").rstrip()
            visitor.page.evaluate("() => navigator.clipboard.writeText('nothing')")
            block.locator("pre > code").scroll_into_view_if_needed()
            block.locator("button[data-clipboard-target]").click()
            copied = visitor.page.evaluate("() => navigator.clipboard.readText()").replace("\r\n", "\n")
            assert copied == expected
            if "language-python" in (block.get_attribute("class") or ""):
                compile(copied, page, "exec", dont_inherit=True)


@each_page
def test_details_open_by_keyboard(visitor: Visit, page: str) -> None:
    visitor.open(page)
    opened = 0
    for details in visitor.page.locator("article details").all():
        if details.get_attribute("open") is not None or not details.locator("> summary").is_visible():
            continue
        details.locator("> summary").focus()
        visitor.page.keyboard.press("Enter")
        inside = details.locator("> :not(summary)").first
        expect(inside).to_be_visible()
        opened += 1
    assert opened >= visitor.page.locator("figure:has(svg[role=img])").count(), "each figure has its numbers"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_in_what_opens(browser: Browser, site: Site, scheme: str) -> None:
    """The menu of a narrow screen, and the search with its results."""
    with visiting(browser, site, scheme, NARROW) as visit:
        visit.open()
        visit.page.locator("label.md-header__button[for=__drawer]").click()
        visit.settle()
        in_menu = violations(visit.page)
        visit.open()
        visit.page.locator("label.md-header__button[for=__search]").click()
        visit.page.locator(".md-search__input").click()
        visit.page.keyboard.type("persistent_workers")
        expect(visit.page.locator(".md-search-result__item").first).to_be_visible(timeout=10_000)
        visit.settle()
        in_search = violations(visit.page)
    assert not in_menu, "\n".join(in_menu)
    assert not in_search, "\n".join(in_search)


def test_palette_toggle_is_remembered(visitor: Visit) -> None:
    visitor.open()
    page = visitor.page
    light = _scheme_and_paper(visitor)
    assert light[0] == "default"
    page.locator("[data-md-component=palette] label:visible").click()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    visitor.settle()
    dark = _scheme_and_paper(visitor)
    assert dark[1] != light[1]
    page.reload()
    assert _scheme_and_paper(visitor) == dark
    page.locator("[data-md-component=palette] label:visible").click()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "default")
    assert visitor.complaints == []


def test_palette_toggle_works_by_keyboard(visitor: Visit) -> None:
    visitor.open()
    visitor.page.locator("[data-md-component=palette] input").first.focus()
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
