"""What the build shows beside a script is what the page says that the script prints.

What it does not prove: that the times in it are right. The same code is measured, and claims judge it.
"""

import pytest

from snippets.lab.output import Output
from snippets.lab.outputs.outputs import shown_snippets

from ..docs.advice import nothing
from ..docs.shown import SHOWN, is_as_the_page_says, pattern

PRINTED = [name for name in shown_snippets() if not name.startswith("errors/")]
TOLD = [name for name in shown_snippets() if pattern(name)]
"""Among them those of the troubleshooting pages that say it, though no message of theirs is looked for."""


def test_each_script_that_is_shown_says_what_it_prints() -> None:
    nothing({*PRINTED} - {*SHOWN}, "say what these print, `# prints: …` above the shown part (tests/docs/shown.py):")


@pytest.mark.parametrize("name", TOLD)
def test_it_prints_what_the_page_says(name: str, said: dict[str, Output]) -> None:
    if said[name].absent:
        pytest.skip(said[name].absent)
    assert is_as_the_page_says(name, said[name].text), said[name].text
