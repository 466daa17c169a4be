"""What opens on a page, by the rules of axe, and that looking at one text of each look is enough. Pages: test_pages."""

import pytest
from playwright.sync_api import Browser

from .axe import violations, violations_by_look, violations_of_contrast
from .site import Site
from .visit import DARK, LIGHT, NARROW, WIDE, Visit, hit_of_search, visiting


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
