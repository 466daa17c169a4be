"""`make check PAGE=…`: the tests of one page, of its snippets, and of all pages together."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from snippets.lab.paths import ROOT

from . import one_page
from .docs.pages import PAGES, Block

PAGE, SNIPPET = "how-to/choose-num-workers.md", "choose_num_workers/verify"
WHERE = ("tests/docs/test_shape.py", "tests/docs/test_claims.py", "tests/snippets")


def test_a_page_is_looked_at_with_its_snippets_and_with_all_pages_together() -> None:
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:xdist", *WHERE, "--page", PAGE]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    cases = [line for line in done.stdout.splitlines() if "::" in line]
    assert [case for case in cases if case.endswith(f"[{PAGE}]")]
    assert [case for case in cases if SNIPPET in case]
    assert [case for case in cases if "test_choose.py" in case], "the file of tests of a snippet on it"
    assert [case for case in cases if "test_claims.py" in case and "[" not in case]
    assert not [case for case in cases for other in PAGES if other != PAGE and f"[{other}" in case]
    assert not [case for case in cases if "start_methods" in case and "[" in case and SNIPPET.split("/")[0] not in case]


def test_a_page_that_there_is_not_is_refused_in_one_line() -> None:
    """Of which pytest makes one line and a status."""
    with pytest.raises(pytest.UsageError, match="^no page 'guides/no-such.md' in docs/; there are: [^\n]+$"):
        one_page.select([], "guides/no-such.md")


def test_a_block_that_passed_is_not_run_again(tmp_path: Path) -> None:
    tests = ["tests/docs/test_blocks.py", "-k", "how_it_works or no_such_block", "--page", "guides/optimization.md"]
    command = [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:xdist", "-o", f"cache_dir={tmp_path}", *tests]
    said = [subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120).stdout for _ in range(2)]
    assert re.search(r"^1 passed", said[0], re.MULTILINE), said[0]
    assert re.search(r"^1 skipped", said[1], re.MULTILINE), said[1]
    assert "passed before, and nothing of it has changed" in said[1]


@pytest.mark.parametrize("snippet", ["shelf/first"])
def test_what_a_test_of_a_snippet_depends_on(
    snippet: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own, other = tmp_path / "shelf/first.py", tmp_path / "shelf/second.py"
    settings = [tmp_path / name for name in ("pyproject.toml", "requirements.lock", "requirements.torch.lock")]
    (tmp_path / "shelf").mkdir()
    for file in (own, other, *settings):
        file.write_text("1")
    for name, place in (("SNIPPETS", tmp_path), ("ROOT", tmp_path), ("RUNNING", (Path(__file__),))):
        monkeypatch.setattr(one_page, name, place)

    def state() -> str:
        one_page._files.cache_clear()
        one_page._beside.cache_clear()
        return one_page.state(request.node)

    as_it_was = state()
    assert as_it_was == state() != ""
    other.write_text("2")
    assert as_it_was == state()
    for file in (own, *settings):
        file.write_text("2")
        assert as_it_was != (as_it_was := state())


@pytest.mark.parametrize("block", [Block("a.md", 3, "shelf/first.py", "1", None)], ids=["a.md:3:shelf/first.py"])
def test_a_block_is_as_it_was_on_another_line(
    block: Block, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one_page, "RUNNING", (Path(__file__),))
    params = request.node.callspec.params

    def state(line: int, code: str) -> str:
        monkeypatch.setitem(params, "block", Block(block.page, line, block.target, code, None))
        return one_page.state(request.node)

    assert state(3, "1") == state(4, "1") != state(3, "2")
