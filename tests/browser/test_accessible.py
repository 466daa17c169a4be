"""Every page, and what opens on it, by the rules of axe: on a wide and on a narrow screen by all; in the dark scheme by
the one of contrast.

What it does not prove: that the site is pleasant to use by keyboard or by ear; nor that a text can be read which lies
over something that is no ancestor of it: of the texts of a page that look alike, the first is looked at.
"""

import pytest
from playwright.sync_api import Browser

from .axe import violations, violations_by_look, violations_of_contrast
from .site import Site
from .visit import DARK, LIGHT, NARROW, WIDE, Visit, hit_of_search, visiting


@pytest.fixture(scope="module")
def legible() -> set[str]:
    """The looks of texts that have passed, on whatever page."""
    return set()


def test_axe_finds_no_violation(each_page: Visit, legible: set[str]) -> None:
    of_this_page: set[str] = set()
    found = violations_by_look(each_page.page, of_this_page)
    legible |= of_this_page
    assert found == []


def test_nor_in_the_dark_and_on_a_narrow_screen(each_page: Visit, legible: set[str]) -> None:
    page = each_page.in_scheme(DARK)
    problems = {"dark, wide": violations_of_contrast(page, legible)}
    each_page.at(NARROW)
    problems["dark, narrow"] = violations_of_contrast(page, legible)
    each_page.in_scheme(LIGHT)
    problems["light, narrow"] = violations_by_look(page, legible)
    assert {view: found for view, found in problems.items() if found} == {}


@pytest.mark.parametrize("css", ["article p { color: #aaa !important; }", "article { background: #888; }"])
def test_what_cannot_be_read_is_found_by_the_first_of_its_look(regular: Visit, css: str) -> None:
    regular.open("reference/first-versions/helper-sprites/")
    regular.in_scheme(LIGHT)
    with regular.styled(css):
        found, every = violations_by_look(regular.at(WIDE), legible=set()), violations(regular.page)
    assert found and {*found} <= {*every}


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
