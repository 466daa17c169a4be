"""What axe finds wrong with a page, in sentences."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

ONLY_VIOLATIONS = {"resultTypes": ["violations"]}


def violations(page: Page) -> list[str]:
    """Each element that breaks a rule: the rule, what it asks for, the element, what would mend it."""
    return [
        f"{rule['id']}: {rule['help']}: {node['target']}: {node['failureSummary']}"
        for rule in Axe().run(page, options=ONLY_VIOLATIONS).response["violations"]
        for node in rule["nodes"]
    ]
