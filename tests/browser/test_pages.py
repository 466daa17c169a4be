"""Every page, in both colour schemes, on a wide and on a narrow screen: it fits, it is legible, it breaks no rule of
axe, and its parts work.

What it does not prove: that the site is pleasant to use by keyboard or by ear; nor that a text can be read which lies
over something that is no ancestor of it: of the texts of a page that look alike, the first is looked at.
"""

import pytest

from .axe import violations_by_look, violations_of_contrast
from .figures import texts_of, visible_drawings
from .visit import DARK, LIGHT, WIDE, Visit

SMALLEST_TEXT_PX = 10
LOWEST_CONTRAST = 4.5


def test_page_does_not_scroll_sideways(each_view: Visit) -> None:
    wider = each_view.page.evaluate(
        """() => document.scrollingElement.scrollWidth <= innerWidth ? [] :
            [...document.querySelectorAll("main *")]
                .filter(e => e.getBoundingClientRect().right > innerWidth)
                .map(e => e.outerHTML.slice(0, 120))
                .concat(`page: ${document.scrollingElement.scrollWidth} px`)"""
    )
    assert wider == []


def test_each_figure_shows_one_drawing(each_view: Visit) -> None:
    """Of its wide and its narrow one, the one that fits."""
    shown = each_view.page.evaluate(
        """() => [...document.querySelectorAll("figure:has(svg[role=img])")].map(figure => {
            const drawings = [...figure.querySelectorAll("svg[role=img]")];
            return [drawings[0].getAttribute("aria-label"), drawings.filter(d => d.checkVisibility()).length];
        })"""
    )
    assert [figure for figure in shown if figure[1] != 1] == []


def test_drawings_are_legible(each_view: Visit) -> None:
    drawings = visible_drawings(each_view.page)
    texts = texts_of(each_view, drawings) if drawings else []
    assert [text for text in texts if text.size < SMALLEST_TEXT_PX] == []
    assert [text for text in texts if text.contrast < LOWEST_CONTRAST] == []


@pytest.fixture(scope="module")
def legible() -> set[str]:
    """The looks of texts that have passed, on whatever page."""
    return set()


def test_axe_finds_no_violation(view: tuple[str, int], each_view: Visit, legible: set[str]) -> None:
    """By all rules on a wide and on a narrow screen, and in the dark scheme by the one of contrast."""
    if view[0] == DARK:
        assert violations_of_contrast(each_view.page, legible) == []
        return
    looks = set() if view == (LIGHT, WIDE) else legible  # on each page once anew
    found = violations_by_look(each_view.page, looks)
    legible |= looks
    assert found == []


def test_links_within_the_page_lead_somewhere(each_page: Visit) -> None:
    """The table of contents above all: on the notebook page it is made apart from the headings."""
    lost = each_page.page.evaluate(
        """() => [...document.querySelectorAll("a[href]")]
            .filter(a => a.hash && a.origin + a.pathname === location.origin + location.pathname)
            .filter(a => !document.getElementById(decodeURIComponent(a.hash.slice(1))))
            .map(a => a.getAttribute("href"))"""
    )
    assert lost == []


def test_no_id_stands_twice(each_page: Visit) -> None:
    """A link to it, a label and a drawing's clip would all mean the first one."""
    ids = each_page.page.evaluate("() => [...document.querySelectorAll('[id]')].map(element => element.id)")
    assert len(ids) == len({*ids}), {name for name in ids if ids.count(name) > 1}


SHOWS = "details => details.querySelector(':scope > :not(summary)').checkVisibility()"
OPEN_EACH = f"""() => {{
    const opened = [...document.querySelectorAll("article details:not([open])")].filter(details => {{
        details.querySelector(":scope > summary").focus();
        document.activeElement.click();
        return ({SHOWS})(details);
    }});
    const closed = document.querySelectorAll("article details:not([open])").length;
    opened.forEach(details => {{ details.open = false; }});
    return [opened.length, closed];
}}"""


def test_details_open_by_keyboard(each_page: Visit) -> None:
    """The first by a key, and each by the click that a key makes of itself where the focus is."""
    page = each_page.page
    if details := page.query_selector("article details:not([open])"):
        details.eval_on_selector("summary", "summary => summary.focus()")
        page.keyboard.press("Enter")
        page.wait_for_function(SHOWS, arg=details)  # a card of the claims is put in once its row says that it is open
        page.keyboard.press("Enter")
    opened, closed = page.evaluate(OPEN_EACH)
    figures = page.locator("figure:has(svg[role=img])").count()
    assert closed == 0 and opened >= figures, "each figure has its numbers"


BLOCKS = """() => [...document.querySelectorAll(".highlight:not(.no-copy *):has(pre > code)")].map(block => {
    const code = block.querySelector("pre > code"), button = block.querySelector("button[data-clipboard-target]");
    button.scrollIntoView({ block: "center", behavior: "instant" });
    const box = button.getBoundingClientRect();
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return {
        text: code.textContent.trimEnd(),
        copies: document.querySelector(button.dataset.clipboardTarget).innerText.trimEnd(),
        reached: button.contains(top),
        isPython: block.classList.contains("language-python"),
    };
})"""


def test_copy_buttons_copy_the_code(each_page: Visit) -> None:
    """What stands where each button points, and that none is covered; the last one is clicked."""
    page = each_page.page
    page.evaluate("() => document.querySelectorAll('details:not([open])').forEach(d => { d.open = true; })")
    blocks = page.evaluate(BLOCKS)
    assert len(blocks) == page.locator("article pre:not(.no-copy *, .nw-output *)").count()
    assert [block for block in blocks if block["copies"] != block["text"] or not block["reached"]] == []
    for block in blocks:
        if block["isPython"]:
            compile(block["text"], page.url, "exec", dont_inherit=True)
    if blocks:
        page.evaluate("() => navigator.clipboard.writeText('nothing')")
        page.locator("button[data-clipboard-target]").last.click()
        copied = page.evaluate("() => navigator.clipboard.readText()").replace("\r\n", "\n")
        assert copied == blocks[-1]["text"]


def test_page_complains_of_nothing(each_page: Visit) -> None:
    """Last, so that it also hears what the tests above stirred up."""
    each_page.page.wait_for_load_state("networkidle")
    assert each_page.complaints == []
