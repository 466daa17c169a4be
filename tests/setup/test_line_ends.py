"""A checkout has the same bytes on each system, Windows too, where git would turn line ends into others."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "path", ["README.md", "snippets/lab/code.py", "docs/assets/site.js", "tests/elsewhere/bin/taskkill"]
)
def test_no_checkout_changes_line_ends(path: str) -> None:
    asked = subprocess.run(["git", "check-attr", "text", "eol", "--", path], cwd=ROOT, capture_output=True, text=True)
    if asked.returncode:
        pytest.skip("this is no checkout of git's")
    assert [line.rpartition(": ")[2] for line in asked.stdout.splitlines()] == ["auto", "lf"]
