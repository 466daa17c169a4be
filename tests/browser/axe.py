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

ONE_OF_EACH_LOOK = """attribute => {
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
    for (const element of looks.values()) element.setAttribute(attribute, "");
}"""
MARK = "data-one-of-its-look"


def violations(page: Page) -> list[str]:
    """Each element that breaks a rule: the rule, what it asks for, the element, what would mend it."""
    return _run(page)


def violations_of_structure(page: Page) -> list[str]:
    """Without the contrast of texts."""
    return _run(page, {"rules": {CONTRAST: {"enabled": False}}})


def violations_of_contrast(page: Page) -> list[str]:
    """Of texts outside of drawings; of all that have the same colours, size and background, the first is looked at."""
    page.evaluate(ONE_OF_EACH_LOOK, MARK)
    return _run(page, {"runOnly": [CONTRAST]}, {"include": [f"[{MARK}]"]})


def _run(page: Page, options: dict | None = None, context: dict | None = None) -> list[str]:
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(SCRIPT)
    return page.evaluate(RUN, [context, options or {}])
