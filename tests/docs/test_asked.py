"""Each line of docs/asked.toml leads to a section that its page has, be it one that some machines leave out."""

import re

from snippets.lab.site.asked import FILE, TOP, read

from .situations import USUAL, rendered_in


def test_each_line_leads_to_a_section_that_its_page_has() -> None:
    asked = read(FILE)
    missing = {
        f"{page}#{section}"
        for page, sections in asked.items()
        for section in {*sections} - {TOP, *re.findall(r'<h[2-6] id="([^"]+)"', rendered_in(page, USUAL))}
    }
    assert asked and missing == set(), "name the section by its id"
