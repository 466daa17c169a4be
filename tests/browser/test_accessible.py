"""Every page, and what opens on it, by the rules of axe, for each element: in the light scheme, on a wide screen.

What it does not prove: that the site is pleasant to use by keyboard or by ear.
"""

from playwright.sync_api import Browser

from .axe import violations, violations_of_contrast
from .site import Site
from .visit import DARK, NARROW, Visit, hit_of_search, visiting


def test_axe_finds_no_violation(each_page: Visit) -> None:
    assert violations(each_page.page) == []


def test_axe_finds_no_violation_in_what_opens(browser: Browser, site: Site) -> None:
    """The menu of a narrow screen, and the search with its results."""
    with visiting(browser, site, width=NARROW) as visit:
        visit.open()
        visit.page.locator("label.md-header__button[for=__drawer]").click()
        problems = {"the menu": _in_both_schemes(visit)}
        visit.open()
        visit.page.locator("label.md-header__button[for=__search]").click()
        hit_of_search(visit.page, "persistent_workers")
        problems["the search"] = _in_both_schemes(visit)
    assert {part: found for part, found in problems.items() if found} == {}


def _in_both_schemes(visit: Visit) -> list[str]:
    visit.settle()
    return violations(visit.page) + violations_of_contrast(visit.in_scheme(DARK), legible=set())
