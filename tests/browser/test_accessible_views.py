"""Every page by the rules of axe in the dark scheme and on a narrow screen: what can be otherwise there.

What it does not prove: that a text which only one of these puts over another one can be read. Of the texts that look
alike one is looked at; in the light scheme on a wide screen, each (test_accessible.py).
"""

import pytest

from .axe import violations_of_contrast, violations_of_structure
from .visit import DARK, LIGHT, NARROW, Visit


@pytest.fixture(scope="module")
def legible() -> set[str]:
    """The looks of texts that have passed, on whatever page."""
    return set()


def test_axe_finds_no_violation(each_page: Visit, legible: set[str]) -> None:
    page = each_page.in_scheme(DARK)
    problems = {"dark, wide": violations_of_contrast(page, legible)}
    each_page.at(NARROW)
    problems["dark, narrow"] = violations_of_contrast(page, legible)
    each_page.in_scheme(LIGHT)
    problems["light, narrow"] = violations_of_structure(page) + violations_of_contrast(page, legible)
    assert {view: found for view, found in problems.items() if found} == {}
