"""Every page, and what opens on it, by the rules of axe: in both colour schemes, on a wide and on a narrow screen.

What it does not prove: that a text which only a narrow screen or the dark scheme puts over another one can be read. Of
the texts that look alike there, one is looked at; in the light scheme on a wide screen, each.
"""

from playwright.sync_api import Browser

from .axe import violations, violations_of_contrast, violations_of_structure
from .site import Site
from .visit import DARK, LIGHT, NARROW, Visit, hit_of_search, visiting


def test_axe_finds_no_violation(each_page: Visit) -> None:
    problems = {"light, wide": violations(each_page.page)}
    problems["dark, wide"] = violations_of_contrast(each_page.in_scheme(DARK))
    problems["dark, narrow"] = violations_of_contrast(each_page.at(NARROW))
    each_page.in_scheme(LIGHT)
    problems["light, narrow"] = violations_of_structure(each_page.page) + violations_of_contrast(each_page.page)
    assert {view: found for view, found in problems.items() if found} == {}


def test_axe_finds_no_violation_in_what_opens(browser: Browser, site: Site) -> None:
    """The menu of a narrow screen, and the search with its results."""
    with visiting(browser, site, width=NARROW) as visit:
        visit.open()
        visit.page.locator("label.md-header__button[for=__drawer]").click()
        in_both = {"the menu": _in_both_schemes(visit)}
        visit.open()
        visit.page.locator("label.md-header__button[for=__search]").click()
        hit_of_search(visit.page, "persistent_workers")
        in_both["the search"] = _in_both_schemes(visit)
    assert {part: found for part, found in in_both.items() if found} == {}


def _in_both_schemes(visit: Visit) -> list[str]:
    visit.settle()
    return violations(visit.page) + violations_of_contrast(visit.in_scheme(DARK))
