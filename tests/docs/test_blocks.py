"""Every Python block that a reader sees runs as a script of its own, and prints what its page says it prints.

What takes long has less to load here, and fewer workers where each of them imports torch. A block that may be given a
folder gets one of a few images: what it says of all of them is for tests/snippets.

What it does not prove: that a block runs under another start method than this system's own; that is
tests/snippets. Nor is the time that a block takes looked at: the limit only guards against hangs. A block that is a
whole measure.py only defines its experiment: each build runs it, and tests/experiments imports it. One that is a whole
tool is run by tests/tools.
"""

import multiprocessing
import re
import shutil
from pathlib import Path

import pytest

from snippets.lab.outputs.outputs import shown_snippets
from snippets.lab.outputs.preloaded import Preloaded
from snippets.lab.outputs.running import absent

from ..processes import run_in_fork
from .pages import EXPERIMENTS, PAGES, TOOLS, Block, blocks
from .shown import SHOWN, with_fewer, with_less

RUN_BY_THE_BUILD = {f"{name}.py" for name in shown_snippets()}
"""Their pages show what they print, or how they fail; tests/site/test_messages.py looks at it."""

DEFINED = [block for page in EXPERIMENTS for block in blocks(page)]
BLOCKS = [
    block
    for page in PAGES
    for block in blocks(page)
    if block.target.partition(":")[0] not in {*RUN_BY_THE_BUILD, *TOOLS} and block not in DEFINED
]


@pytest.mark.parametrize("block", BLOCKS, ids=[block.name for block in BLOCKS])
def test_block_runs_as_a_script(python: Preloaded | None, block: Block, workplace: Path) -> None:
    name = block.target.partition(".")[0]
    script = workplace / "block.py"
    code = with_less(name, block.code)
    if multiprocessing.get_start_method() != "fork":
        code = with_fewer(name, code)
    script.write_text(code, encoding="utf-8")
    folder = [few_images(workplace)] if "sys.argv[1:]" in block.code else []
    there = {path.name for path in workplace.iterdir()}
    if block.target and (reason := absent(name)):
        pytest.skip(reason)
    outcome = run_in_fork(python, script, *folder, cwd=workplace)
    assert outcome.code == 0, outcome.stderr
    assert "Traceback" not in outcome.errors
    assert not outcome.left, "processes outlived the block"
    assert {path.name for path in workplace.iterdir()} == there, "the block leaves files behind"
    if block.expected is not None:
        assert outcome.stdout == block.expected
    if "print(" in block.code and not folder and (told := SHOWN.get(name)):
        assert re.fullmatch(told + r"\n?", outcome.stdout), outcome.stdout


def few_images(workplace: Path) -> Path:
    """A folder with one image of each kind."""
    for first in {path.parent: path for path in (workplace / "images").glob("*/*/*")}.values():
        kind = workplace / "few" / first.parent.name
        kind.mkdir(parents=True)
        shutil.copy(first, kind)
    return workplace / "few"
