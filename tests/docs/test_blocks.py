"""Every Python block that a reader sees runs as a script of its own, and prints what its page says it prints.

What it does not prove: that a block runs under another start method than this system's own; that is
tests/snippets. Nor is the time that a block takes looked at: the limit only guards against hangs.
"""

from pathlib import Path

import pytest

from snippets.lab.outputs import asked, python
from snippets.lab.paths import SNIPPETS

from .pages import PAGES, Block, blocks
from .processes import run

MEANT_TO_FAIL = {f"{name}.py" for name, kind in asked().items() if kind == "error"}
"""These run as well: their pages show how they fail, and tests/site/test_messages.py looks at it."""

BLOCKS = [block for page in PAGES for block in blocks(page) if block.target.partition(":")[0] not in MEANT_TO_FAIL]


@pytest.mark.parametrize("block", BLOCKS, ids=[block.name for block in BLOCKS])
def test_block_runs_as_a_script(block: Block, workplace: Path) -> None:
    script = workplace / "block.py"
    script.write_text(block.code, encoding="utf-8")
    there = {path.name for path in workplace.iterdir()}
    file = SNIPPETS / block.target.partition(":")[0]
    _, *launcher = python(file.read_text(encoding="utf-8")) if block.target else [""]
    outcome = run(*launcher, script, cwd=workplace)
    assert outcome.code == 0, outcome.stderr
    assert "Traceback" not in outcome.errors
    assert not outcome.left, "processes outlived the block"
    assert {path.name for path in workplace.iterdir()} == there, "the block leaves files behind"
    if block.expected is not None:
        assert outcome.stdout == block.expected
