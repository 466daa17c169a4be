"""A snippet that names a tool has it in its folder, and runs again when the tool changes."""

from pathlib import Path

import pytest

from snippets.lab.outputs import running


def test_a_tool_stands_beside_the_snippet_that_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool, pages = tmp_path / "a_tool.py", tmp_path / "pages"
    tool.write_text("ANSWER = 42\n")
    pages.mkdir()
    (pages / "calls.py").write_text("import a_tool; print(a_tool.ANSWER)\n")
    (pages / "other.py").write_text("import pathlib; print(*pathlib.Path().iterdir())\n")
    monkeypatch.setattr(running, "TOOLS", (tool,))
    monkeypatch.setattr(running, "PAGES", pages)
    first = running.run("calls")
    assert (first.exit_code, first.text) == (0, "42")
    assert running.run("other").text == "other.py"
    tool.write_text("ANSWER = 43\n")
    assert running.hash_of(running.code_of("calls")) != first.source_hash
