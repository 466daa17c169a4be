"""Which changes are prose alone, in a real repository; and when all jobs together have ended well."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .projects import ROOT

GIT = ("git", "-c", "user.name=x", "-c", "user.email=x@example.invalid", "-c", "init.defaultBranch=main")


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run([*GIT, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def commit(folder: Path, *paths: str) -> str:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        with (folder / path).open("a") as file:
            file.write("more\n")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "x")
    return git(folder, "rev-parse", "HEAD")


def scope(folder: Path, base: str) -> tuple[str, str]:
    """What it prints, and the job's output."""
    output = folder / "output"
    environment = {**os.environ, "BASE": base, "GITHUB_OUTPUT": str(output)}
    command = [sys.executable, str(ROOT / ".ci" / "scope.py")]
    said = subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True).stdout
    return said.strip(), output.read_text().strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    return tmp_path


@pytest.mark.parametrize(
    ("paths", "prose"),
    [
        (["docs/guides/optimization.md"], True),
        (["docs/index.md", "README.md", ".github/CONTRIBUTING.md"], True),
        (["docs/index.md", "snippets/lab/results/stats.py"], False),
        (["docs/labs/helper_sprites.py"], False),
        (["docs/labs/notes.md"], False),
        (["docs/results/a-machine.json"], False),
        (["docs/assets/site.js"], False),
        (["docs/theme/main.html"], False),
        ([".github/workflows/check.yml"], False),
        ([".github/ISSUE_TEMPLATE/claim.yml"], False),
        (["mkdocs.yml"], False),
        (["docs/evil.md/run.py"], False),
        ([], False),
    ],
)
def test_prose(repository: Path, paths: list[str], prose: bool) -> None:
    base = commit(repository, "first.txt")
    commit(repository, *paths)
    assert scope(repository, base)[1] == f"prose={str(prose).lower()}"


def test_a_file_that_moves_counts_where_it_was_as_well(repository: Path) -> None:
    base = commit(repository, "snippets/x.py")
    (repository / "docs").mkdir()
    git(repository, "mv", "snippets/x.py", "docs/x.md")
    commit(repository)
    assert scope(repository, base)[1] == "prose=false"


@pytest.mark.parametrize("base", ["", "0" * 40, "f" * 40, "--output=x", "no such commit"])
def test_without_a_base_everything_is_checked(repository: Path, base: str) -> None:
    commit(repository, "docs/index.md")
    assert scope(repository, base) == ("There is no commit to compare with: everything is checked.", "prose=false")


def jobs(needs: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "NEEDS": needs}
    command = [sys.executable, str(ROOT / ".ci" / "jobs.py")]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("results", "said"),
    [
        ({"scope": "success", "prose": "skipped", "linux": "success", "windows": "success"}, "All jobs ended well."),
        ({"scope": "success", "prose": "success", "linux": "skipped", "windows": "skipped"}, "All jobs ended well."),
        ({"scope": "success", "prose": "skipped", "linux": "success", "windows": "failure"}, "windows: failure"),
        ({"scope": "success", "prose": "skipped", "linux": "cancelled"}, "linux: cancelled\nnothing was checked"),
        ({"scope": "failure", "prose": "skipped", "linux": "skipped"}, "scope: failure\nnothing was checked"),
        ({"scope": "success", "prose": "skipped", "linux": "skipped"}, "nothing was checked"),
        ({}, "nothing was checked"),
    ],
)
def test_all_jobs_together(results: dict[str, str], said: str) -> None:
    done = jobs(json.dumps({name: {"result": result} for name, result in results.items()}))
    assert done.stdout.strip() == said
    assert done.returncode == (said != "All jobs ended well.")


def test_without_jobs_nothing_was_checked() -> None:
    assert jobs("").returncode == 1
