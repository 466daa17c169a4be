"""No snippet without its page, no include without its snippet, and no block that is silently not run.

What it does not prove: that the blocks work; that is test_blocks.py.
"""

import html
import re
from collections import Counter

import pytest
from pymdownx.snippets import SnippetMissingError

from snippets.lab.catalog import experiment_names, figure_names
from snippets.lab.paths import DOCS
from snippets.lab.paths import PAGES as SNIPPETS

from .advice import nothing
from .pages import (
    ALL_PAGES,
    EXPERIMENTS,
    FOLDERS,
    NOT_PYTHON,
    PAGES,
    TOOLS,
    blocks,
    collected,
    expanded,
    fences,
    snippet_files,
    source,
    targets,
)
from .seeds import BLOCK_NAMES, SEED_HEADINGS
from .small_results import rendered

RUN_OR_SHOWN = {"python", "text", "console", "json", "yaml"}
"""Of these pytest-codeblocks runs `python`, and the others are not code that could run."""

SECTION = re.compile(r"(?P<file>[a-z_]+/[a-z_]+\.py):[a-z_]+")


# Snippets and pages.


def test_every_folder_of_snippets_has_its_page() -> None:
    folders = {path.parent.name for path in SNIPPETS.glob("*/*.py")}
    nothing(folders - {*FOLDERS.values()}, "no page shows anything of these folders of snippets/pages:")


def shown_from(folder: str) -> list[str]:
    """What the pages of a folder of snippets include."""
    return [target for page, own in FOLDERS.items() if own == folder for target in targets(source(page))]


@pytest.mark.parametrize("folder", sorted({*FOLDERS.values()}))
def test_each_snippet_is_shown_on_its_page(folder: str) -> None:
    shown = {target.partition(":")[0] for target in shown_from(folder)}
    nothing(
        snippet_files(folder) - shown,
        'shown on no page: write --8<-- "…:code" into a block of its page, or delete the snippet:',
    )


@pytest.mark.parametrize("folder", sorted({*FOLDERS.values()}))
def test_no_snippet_is_shown_twice(folder: str) -> None:
    twice = [target for target, times in Counter(shown_from(folder)).items() if times > 1]
    nothing(twice, "shown twice: show it once, and link to it:")


@pytest.mark.parametrize("page", FOLDERS)
def test_a_page_includes_named_sections_of_its_own_folder_only(page: str) -> None:
    """Line numbers rot when a line is added above them."""
    found = {
        target: SECTION.fullmatch(target)
        for target in targets(source(page))
        if target not in TOOLS and not target.endswith(NOT_PYTHON)
    }
    nothing(
        [target for target, section in found.items() if section is None],
        'name a section of the snippet, as in --8<-- "helper_sprites/memory_goblins.py:code", instead of:',
    )
    assert {section["file"].partition("/")[0] for section in found.values() if section} <= {FOLDERS[page]}


def test_each_include_stands_alone_on_its_line() -> None:
    """Elsewhere the marker is put in by nobody, or takes the rest of the line with it."""
    for page in PAGES:
        assert source(page).count("8<-") == len(targets(source(page))), page


@pytest.mark.parametrize(
    "include", ["helper_sprites/nowhere.py:code", "helper_sprites/sprites_from_disk.py:nowhere", "nowhere.py"]
)
def test_an_include_of_something_unknown_stops_the_build(include: str) -> None:
    with pytest.raises(SnippetMissingError, match="nowhere"):
        expanded(f'```python\n--8<-- "{include}"\n```')


def test_each_block_of_the_first_version_has_its_file() -> None:
    assert {f"optimization_guide/{name}.py" for name in BLOCK_NAMES} <= snippet_files("optimization_guide")


@pytest.mark.parametrize("page", SEED_HEADINGS)
def test_each_heading_of_the_first_version_is_there_in_order(page: str) -> None:
    found = iter(plain(heading) for heading in re.findall(r"(?m)^#+ (.+)$", source(page)))
    missing = [heading for heading in SEED_HEADINGS[page] if plain(heading) not in found]
    nothing(missing, f"docs/{page} keeps the headings of the first version, in their order. Missing, or out of order:")


def plain(text: str) -> str:
    """Words and numbers only."""
    return " ".join(re.findall(r"\w+", text.lower()))


@pytest.mark.parametrize("page", sorted({*ALL_PAGES} - {"index.md"}))
def test_each_page_ends_with_where_to_go_next(page: str) -> None:
    """The front page is made of that."""
    heading, _, last = source(page).rpartition("\n## ")[2].partition("\n")
    assert heading.startswith("Where to go next"), f"docs/{page}: its last section is “{heading}”"
    assert last.count("](") > 1, f"docs/{page}: name two pages or more to go to"


# Experiments.

SHARED = "experiments"
"""Where a module stands that several experiments import."""


def test_each_experiment_is_described_and_its_code_shown() -> None:
    text = "\n".join(source(page) for page in EXPERIMENTS)
    described = re.findall(r"(?m)^!\[\]\(about:([\w-]+)\)$", text)
    nothing(
        {*experiment_names()} ^ {*described},
        "each experiment stands once in docs/reference/experiments/. Missing, twice, or unknown:",
    )
    shown = [f"experiments/{name.replace('-', '_')}/measure.py" for name in described]
    assert [each for each in targets(text) if each.endswith("/measure.py")] == shown, "each below its own description"
    folders = {each.rpartition("/")[0] for each in shown}
    others = {each.rpartition("/")[0] for each in targets(text)} - {SHARED}
    assert others == folders, "and what else is shown is a part of one, or of several"


def test_each_experiment_has_its_heading() -> None:
    """Figures and numbers link to it."""
    headings = [name for page in EXPERIMENTS for name in re.findall(r"(?m)^## ([\w-]+)$", source(page))]
    assert sorted(headings) == experiment_names()


def test_each_figure_is_on_a_page() -> None:
    shown = {name for page in PAGES for name in re.findall(r"\]\(figure:([\w/-]+)\)", source(page))}
    nothing({*figure_names()} - shown, "on no page: show it as ![Title](figure:name), or delete its show.py:")


# What runs is what is seen.


@pytest.mark.parametrize("page", PAGES)
def test_what_is_included_is_run(page: str) -> None:
    """Green because nothing ran would be red."""
    assert " ".join(block.target for block in blocks(page) if block.target).split() == [
        target for target in targets(source(page)) if not target.endswith(NOT_PYTHON)
    ]


@pytest.mark.parametrize("page", PAGES)
def test_the_code_that_runs_is_the_code_that_is_rendered(page: str) -> None:
    seen = re.findall(r'<div class="language-python highlight">(.*?)</div>', rendered(page), re.DOTALL)
    assert [code(markup) for markup in seen] == [block.code.strip("\n") for block in blocks(page)]


@pytest.mark.parametrize("page", PAGES)
def test_all_code_is_fenced(page: str) -> None:
    """An indented block would be shown, but not run."""
    said = sum(box.count("<pre") for box in re.findall(r'<div class="nw-output".*?</div>', rendered(page), re.DOTALL))
    assert rendered(page).count("<pre") - said == len(fences(expanded(source(page))))


def code(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", markup)).strip("\n")


@pytest.mark.parametrize("page", PAGES)
def test_no_fence_is_silently_skipped(page: str) -> None:
    nothing(
        refused(expanded(source(page))),
        f"docs/{page}: this would be shown and not run. Open a block with ```python alone, or with "
        f"{', '.join(sorted(RUN_OR_SHOWN - {'python'}))} where nothing is to run:",
    )


@pytest.mark.parametrize(
    "fence",
    [
        '```python title="x.py"',
        '```python hl_lines="2"',
        "``` python",
        "```py",
        "```Python",
        "```pycon",
        "```{.python}",
        "``` { .python .annotate }",
        "```bash",
        "```sh",
        "```",
        "~~~python",
    ],
)
def test_a_fence_that_would_not_run_or_should_not_is_refused(fence: str) -> None:
    text = f"Text.\n\n    {fence}\n    raise SystemExit\n    {fence[:3]}\n"
    assert refused(text) == [f"{fence} (block 1)"]
    assert not collected(text)


def refused(text: str) -> list[str]:
    """Opening lines of fences that readers see and pytest-codeblocks skips, or runs as a shell script; blocks are
    counted from the top of the page.
    """
    lines = text.split("\n")
    opened = [lines[fence.map[0]].strip() for fence in fences(text) if fence.map]
    return [f"{line} (block {number})" for number, line in enumerate(opened, 1) if line.lstrip("`") not in RUN_OR_SHOWN]


@pytest.mark.parametrize("page", PAGES)
def test_no_block_is_marked_to_be_skipped(page: str) -> None:
    marks = re.findall(r"<!--.*?(pytest[^>]*?)-->", source(page))
    assert set(marks) <= {"pytest-codeblocks:expected-output"}


@pytest.mark.parametrize("page", PAGES)
def test_each_expected_output_belongs_to_a_block(page: str) -> None:
    marks = source(page).count("pytest-codeblocks:expected-output")
    assert marks == sum(block.expected is not None for block in blocks(page))


def test_cells_of_the_notebook_fit_a_page_without_scrolling_sideways() -> None:
    lines = (DOCS / "labs" / "helper_sprites.py").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if len(line) > 79] == []
