"""What axe finds wrong with a page, in sentences."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SCRIPT = Axe().axe_script

CONTRAST = "color-contrast"
"""The rule that takes four fifths of the time, where it asks of each word what lies behind it."""

BY_COLOUR = "link-in-text-block"
"""The check that takes half of all the others: whether a link's colour alone sets it apart from the words around it.
Without it a link has to be underlined, or bold, or the like, as ours are.
"""

RUN = """async ([rule, texts, check, options]) => {
    axe.configure({ rules: [{ id: rule, selector: texts }] });
    const { violations } = await axe.run({
        resultTypes: ["violations"], checks: { [check]: { enabled: false } }, ...options });
    return violations.flatMap(rule => rule.nodes.map(
        node => `${rule.id}: ${rule.help}: ${node.target}: ${node.failureSummary}`));
}"""

MARK_ONE_OF_EACH_NEW_LOOK = """([attribute, known]) => {
    const looks = new Map(), backdrops = new Map([[null, ""]]);
    const backdrop = element => {
        if (!backdrops.has(element)) {
            const { backgroundColor, backgroundImage, opacity, filter, position } = getComputedStyle(element);
            const layer = ["static", "relative"].includes(position) ? "" : position;
            const own = [backgroundColor, backgroundImage, opacity, filter, layer].join();
            const behind = backdrop(element.parentElement);
            backdrops.set(element, own === "rgba(0, 0, 0, 0),none,1,none," ? behind : `${behind} ${own}`);
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


def violations_by_look(page: Page, legible: set[str]) -> list[str]:
    """The same, but of texts outside of drawings that have one look (the same colours, size and background) only the
    first is looked at, and none where that look is known to be `legible`; looks that turn out to be are added.
    """
    looks = page.evaluate(MARK_ONE_OF_EACH_NEW_LOOK, [MARK, [*legible]])
    found = _run(page, f"[{MARK}]")
    if not any(problem.startswith(f"{CONTRAST}: ") for problem in found):
        legible.update(looks)
    return found


def violations_of_contrast(page: Page, legible: set[str]) -> list[str]:
    """By look, too, and by no other rule."""
    looks = page.evaluate(MARK_ONE_OF_EACH_NEW_LOOK, [MARK, [*legible]])
    found = _run(page, f"[{MARK}]", {"runOnly": [CONTRAST]}) if looks else []
    if not found:
        legible.update(looks)
    return found


def _run(page: Page, texts: str = "*", options: dict | None = None) -> list[str]:
    """`texts`: a selector of the elements whose contrast is looked at."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(SCRIPT)
    return page.evaluate(RUN, [CONTRAST, texts, BY_COLOUR, options or {}])
