"""What axe finds wrong with a page, in sentences."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SCRIPT = Axe().axe_script

CONTRAST = "color-contrast"
"""The rule that takes three quarters of the time: it asks what lies behind each word."""

RUN = """async ([context, options]) => {
    const { violations } = await axe.run(context ?? document, { resultTypes: ["violations"], ...options });
    return violations.flatMap(rule => rule.nodes.map(
        node => `${rule.id}: ${rule.help}: ${node.target}: ${node.failureSummary}`));
}"""

MARK_ONE_OF_EACH_NEW_LOOK = """([attribute, known]) => {
    const looks = new Map(), backdrops = new Map([[null, ""]]);
    const backdrop = element => {
        if (!backdrops.has(element)) {
            const { backgroundColor, backgroundImage, opacity, filter, position } = getComputedStyle(element);
            const layer = ["static", "relative"].includes(position) ? "" : position;
            const own = [backgroundColor, backgroundImage, opacity, filter, layer];
            backdrops.set(element, `${backdrop(element.parentElement)} ${own}`);
        }
        return backdrops.get(element);
    };
    const speaks = element => [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    for (const element of document.body.querySelectorAll("*:not(svg *)")) {
        element.removeAttribute(attribute);
        if (!element.matches("input, select, textarea") && !speaks(element) || !element.checkVisibility()) continue;
        const style = getComputedStyle(element);
        const look = [style.color, style.fontSize, style.fontWeight, backdrop(element)].join();
        if (!looks.has(look)) looks.set(look, element);
    }
    known.forEach(look => looks.delete(look));
    looks.forEach(element => element.setAttribute(attribute, ""));
    return [...looks.keys()];
}"""
MARK = "data-one-of-its-look"


def violations(page: Page) -> list[str]:
    """Each element that breaks a rule: the rule, what it asks for, the element, what would mend it."""
    return _run(page)


def violations_of_structure(page: Page) -> list[str]:
    """Without the contrast of texts."""
    return _run(page, {"rules": {CONTRAST: {"enabled": False}}})


def violations_of_contrast(page: Page, legible: set[str]) -> list[str]:
    """Of texts outside of drawings. Of all that have one look (the same colours, size and background) the first is
    looked at, and none where that look is known to be `legible`; looks that turn out to be are added.
    """
    looks = page.evaluate(MARK_ONE_OF_EACH_NEW_LOOK, [MARK, [*legible]])
    found = _run(page, {"runOnly": [CONTRAST]}, {"include": [f"[{MARK}]"]}) if looks else []
    if not found:
        legible.update(looks)
    return found


def _run(page: Page, options: dict | None = None, context: dict | None = None) -> list[str]:
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(SCRIPT)
    return page.evaluate(RUN, [context, options or {}])
