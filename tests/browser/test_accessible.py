"""Every page, and what opens on it, by the rules of axe: each element in the light scheme on a wide screen; in the dark
scheme and on a narrow screen what can be otherwise there.

What it does not prove: that the site is pleasant to use by keyboard or by ear; nor that a text can be read which only
the dark scheme or a narrow screen puts over another one (of the texts that look alike there one is looked at).
"""

import pytest
from playwright.sync_api import Browser

from .axe import violations, violations_of_contrast, violations_of_structure
from .site import Site
from .visit import DARK, LIGHT, NARROW, Visit, hit_of_search, visiting


@pytest.fixture(scope="module")
def legible() -> set[str]:
    """The looks of texts that have passed, on whatever page."""
    return set()


def test_axe_finds_no_violation(each_page: Visit) -> None:
    assert violations(each_page.page) == []


def test_nor_in_the_dark_and_on_a_narrow_screen(each_page: Visit, legible: set[str]) -> None:
    page = each_page.in_scheme(DARK)
    problems = {"dark, wide": violations_of_contrast(page, legible)}
    each_page.at(NARROW)
    problems["dark, narrow"] = violations_of_contrast(page, legible)
    each_page.in_scheme(LIGHT)
    problems["light, narrow"] = violations_of_structure(page) + violations_of_contrast(page, legible)
    assert {view: found for view, found in problems.items() if found} == {}


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
