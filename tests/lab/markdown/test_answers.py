"""A section begins with its answer: how else people ask stands behind it."""

import re

import markdown
import pytest

from snippets.lab.markdown.extension import MeasuredExtension

ASKED = "*In other words:* “it hangs”."


@pytest.mark.parametrize(
    ("page", "order"),
    [
        (f"# A\n\n{ASKED}\n\nOne.\n\n## B\n\nTwo.", ["A", "One.", "In other words: “it hangs”.", "B", "Two."]),
        (f"## A\n\n{ASKED}\n\nOne.\n\n### B\n\n{ASKED}\n\nTwo.", ["A", "One.", 0, "B", "Two.", 0]),
    ],
)
def test_how_else_people_ask_stands_behind_the_answer(page: str, order: list[str | int]) -> None:
    html = markdown.markdown(page, extensions=[MeasuredExtension()])
    said = [re.sub(r"<[^>]+>", "", block) for block in re.findall(r"<(?:h\d|p)\b.*", html)]
    assert said == ["In other words: “it hangs”." if each == 0 else each for each in order]
    assert html.count('class="nw-asked"') == page.count("In other words")
