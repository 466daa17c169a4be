"""How long the simulator takes to show a change."""

from playwright.sync_api import sync_playwright

from ..browser.chromium import QUIET, find_browser
from ..browser.site import served
from ..checkout import Checkout
from .rows import Row, row

HEAVY = "explanation/simulator/#1;w=16;b=0.2;c=0.1;s=0.01;n=8;r=0.001;h=0.001;v=0.3;l=200"
"""16 workers, and as many batches as an epoch can have there, no two of which end at once."""
SLOWED = 4
TARGET_MS, TARGET_SLOWED_MS = 16, 50
CHANGES = 20
CHANGE = """changes => {
    const slider = document.querySelector(".nw-simulator [aria-labelledby=nw-sim-s-label]");
    return Array.from({ length: changes }, (_, number) => {
        slider.value = 40 + number;
        const began = performance.now();
        slider.dispatchEvent(new Event("input"));
        slider.getBoundingClientRect();  // what was changed is laid out
        return performance.now() - began;
    });
}"""


def redraws(copy: Checkout) -> dict[str, list[float]]:
    """Milliseconds of each change, at this machine's pace and slowed, in the site that lies in `site/`."""
    with served(copy.root / "site") as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(QUIET))
        page = browser.new_page()
        page.goto(site.address + HEAVY)
        page.wait_for_selector(".nw-simulator figure svg")
        page.evaluate(CHANGE, CHANGES)
        took = {"as it is": page.evaluate(CHANGE, CHANGES)}
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
        took["slowed"] = page.evaluate(CHANGE, CHANGES)
        browser.close()
    return took


def rows(took: dict[str, list[float]]) -> list[Row]:
    return [
        row("a change of the simulator, 16 workers and 200 batches", took["as it is"], TARGET_MS, " ms"),
        row(f"  with the processor slowed {SLOWED} times", took["slowed"], TARGET_SLOWED_MS, " ms"),
    ]
