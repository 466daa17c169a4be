"""Both first versions stand word for word on pages of their own, which the guides and the page about them lead to.

The guides keep much of their words, their sketches and their code. The originals are kept out of what holds for other
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
from .pages import ALL_PAGES, FIRST_VERSIONS, GUIDE_1, GUIDE_2, ORIGINALS, PAGES, expanded, source
from .seeds import SEED_TEXTS
from .sentences import words
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
def test_it_is_in_the_navigation_and_in_no_search(guide: str) -> None:
    assert ORIGINAL[guide] in str(load_config(str(ROOT / "mkdocs.yml"), plugins=[], hooks=[]).nav)
    front = yaml.safe_load(source(ORIGINAL[guide]).split("---\n")[1])
    assert front["search"] == {"exclude": True}


# What the guides keep of them.

KEPT = {
    GUIDE_1: (
        "Main process: Load data → Send to GPU → Train → Repeat",
        "Main process: Train on GPU",
        "CPU intensive",
        "More CPU work",
        "Workers can prefetch while GPU computes",
        "Multiple workers can process different images simultaneously",
        "num_workers = 4 * num_gpus",
        "num_workers = multiprocessing.cpu_count() // 2",
        "if dataset_fits_in_ram:",
        "Less to avoid memory issues",
        "if __name__ == '__main__':",
        "pin_memory=True",
        "persistent_workers",
        "Single",
        "Multi",
        "Dataset is already in memory",
        "Very small datasets",
        "Simple data (no preprocessing)",
        "Monitor",
        "benchmark, and adjust",
        "Keep the GPU fed with data constantly",
        "instead of waiting for the CPU to load the next batch!",
    ),
    GUIDE_2: (
        "`06_optional_num_workers.py`",
        "If this preparation",
        "your powerful GPU ends up idle, waiting for data",
        "Simple, but potentially slow.",
        "The main script just collects the finished",
        "The goal is to overlap work",
        "This keeps the powerful GPU constantly fed with sprites, potentially slashing overall training time **if** "
        "data loading was the slow part (the bottleneck).",
        "More helpers aren't always better! Keep these in mind:",
        "is already super-fast (e.g.",
        "just grabbing pre-loaded tensors from RAM",
        "Start with `0`. If training seems slow and GPU utilization is low, try `2`, `4`, maybe `os.cpu_count()`. "
        "Experiment!",
        "Each helper process needs its own slice of memory",
        "has an artificial delay (`time.sleep()`) to simulate slow loading.",
        "how long it takes to loop through all batches for both loaders.",
        "Compares the times. Often, the loader with `num_workers > 0` will be significantly faster",
        "the simulated loading work is long enough.",
        "Start with 0, and if your GPU seems",
        "try increasing `num_workers` (e.g., 4 or more) while monitoring performance and memory usage",
        "Experimentation is key to finding the sweet spot",
    ),
}


@pytest.mark.parametrize(("page", "said"), [(page, said) for page in KEPT for said in KEPT[page]])
def test_a_guide_keeps_what_its_first_version_said(page: str, said: str) -> None:
    assert said in SEED_TEXTS[page]
    assert words(said.lower()).strip() in words(expanded(source(page)).lower())


def test_both_sketches_are_on_the_page_as_they_were() -> None:
    sketches = re.findall(r"^```\n(GPU: .*?)^```$", SEED_TEXTS[GUIDE_1], re.DOTALL | re.MULTILINE)
    assert len(sketches) == 2
    for sketch in sketches:
        assert f"```text\n{sketch}```\n" in source(GUIDE_1)
