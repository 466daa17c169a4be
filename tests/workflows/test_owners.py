"""What decides over rights, packages, claims and numbers has owners.

What it does not prove: that the owners named exist. GitHub says so where it shows the file.
"""

import re

import pytest

from .policy import ROOT

LINES = [line.split() for line in (ROOT / ".github" / "CODEOWNERS").read_text(encoding="utf-8").splitlines()]
PATTERNS = [line[0] for line in LINES if line and line[0] != "#"]
MUST_BE_OWNED = [
    path.relative_to(ROOT).as_posix()
    for pattern in (
        ".github/**/*.yml",
        ".github/CODEOWNERS",
        ".ci/*",
        ".ci/actionlint/*.json",
        "requirements.*",
        "pyproject.toml",
        "Makefile",
        "tests/workflows/*.py",
        "snippets/experiments/*/claims.py",
        "snippets/lab/contributed.py",
        "snippets/lab/csp.py",
    )
    for path in ROOT.glob(pattern)
    if path.is_file()
]


def matches(pattern: str, path: str) -> bool:
    """As in .gitignore, for what this file uses: a leading slash, a folder, and `**` for any folders between."""
    assert pattern.startswith("/")
    regex = re.escape(pattern[1:]).replace(r"\*\*/", "(?:.*/)?") + (".*" if pattern.endswith("/") else "")
    return re.fullmatch(regex, path) is not None


def test_each_line_names_an_owner() -> None:
    assert PATTERNS
    assert all(len(line) >= 2 and line[1].startswith("@") for line in LINES if line and line[0] != "#")


@pytest.mark.parametrize("path", [*MUST_BE_OWNED, "docs/results/any-machine.json"])
def test_what_decides_has_owners(path: str) -> None:
    assert any(matches(pattern, path) for pattern in PATTERNS)


@pytest.mark.parametrize("path", ["docs/index.md", "snippets/helper_sprites/memory_goblins.py", "README.md"])
def test_prose_and_snippets_need_none(path: str) -> None:
    assert not any(matches(pattern, path) for pattern in PATTERNS)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_no_line_is_left_over(pattern: str) -> None:
    files = [path.relative_to(ROOT).as_posix() for path in ROOT.glob(pattern[1:].rstrip("/"))]
    assert files or pattern == "/docs/results/", "nothing there has this name"
