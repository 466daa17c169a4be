"""Both first versions stand word for word on pages of their own, which the guides and the page about them lead to.

The originals are kept out of what holds for other
pages: their numbers were not measured, most of their blocks do not run, and a search should find the guides first.
"""

import hashlib
import html
import re

import pytest
import yaml
from mkdocs.config import load_config

from snippets.lab.paths import DOCS, ROOT

from .bound import unbound_in_page
from .pages import ALL_PAGES, FIRST_VERSIONS, GUIDE_1, GUIDE_2, ORIGINALS, PAGES, source
from .seeds import SEED_TEXTS
from .small_results import rendered

ORIGINAL = {
    GUIDE_1: "reference/first-versions/optimization-guide.md",
    GUIDE_2: "reference/first-versions/helper-sprites.md",
}
AS_IT_CAME = {
    GUIDE_1: "4011e91f481153bea7703b0b5e7d4325a3a3cbb8bd917b6c6b96285d91b94fcc",
    GUIDE_2: "fedecbbf1926cf77d6539d33d5513fdd89656674844fa06ed6cc62f7d9a25e16",
}
"""SHA-256 of each text as readers had it, in UTF-8."""

each = pytest.mark.parametrize("guide", ORIGINAL)


def text_of(guide: str) -> bytes:
    return (DOCS / ORIGINAL[guide]).with_suffix(".txt").read_bytes()


@each
def test_the_text_is_as_it_came(guide: str) -> None:
    """Its broken characters too. Line ends are those of git's checkout."""
    assert hashlib.sha256(text_of(guide).replace(b"\r\n", b"\n")).hexdigest() == AS_IT_CAME[guide]


@each
def test_its_page_shows_it_word_for_word(guide: str) -> None:
    shown = re.findall(r'<div class="[^"]*nw-as-written[^"]*">(.*?)</div>', rendered(ORIGINAL[guide]), re.DOTALL)
    assert [html.unescape(re.sub(r"<[^>]+>", "", each)).strip("\n") for each in shown] == [
        SEED_TEXTS[guide].strip("\n")
    ]


@each
def test_nothing_of_ours_on_its_page_is_a_number(guide: str) -> None:
    assert [*unbound_in_page(ORIGINAL[guide], source(ORIGINAL[guide]))] == []


@each
def test_the_guide_and_the_page_about_both_lead_to_it(guide: str) -> None:
    name = ORIGINAL[guide].rpartition("/")[2]
    assert f"](../reference/first-versions/{name})" in source(guide)
    assert f"](first-versions/{name})" in source(FIRST_VERSIONS)
    assert f"](../../{guide})" in source(ORIGINAL[guide])
    assert "](../first-versions.md)" in source(ORIGINAL[guide])


def test_there_are_no_others() -> None:
    assert sorted(ORIGINAL.values()) == ORIGINALS
    assert sorted([*ORIGINALS, *PAGES]) == ALL_PAGES


@each
def test_it_is_in_the_navigation_and_weighs_less_in_a_search(guide: str) -> None:
    assert ORIGINAL[guide] in str(load_config(str(ROOT / "mkdocs.yml"), plugins=[], hooks=[]).nav)
    front = yaml.safe_load(source(ORIGINAL[guide]).split("---\n")[1])
    assert 0 < front["search"]["boost"] <= 0.1


def test_both_sketches_are_on_the_page_as_they_were() -> None:
    sketches = re.findall(r"^```\n(GPU: .*?)^```$", SEED_TEXTS[GUIDE_1], re.DOTALL | re.MULTILINE)
    assert len(sketches) == 2
    for sketch in sketches:
        assert f"```text\n{sketch}```\n" in source(GUIDE_1)
