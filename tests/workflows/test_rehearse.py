"""The rehearsal runs what a workflow's file says: its expressions, its conditions, its steps in order."""

import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from tests.setup.projects import load

from .policy import ROOT, WORKFLOWS, read


@pytest.fixture(scope="module")
def rehearse() -> ModuleType:
    return load(ROOT / ".ci" / "rehearse.py")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("vars.A", "a"),
        ("vars.NONE || vars.A", "a"),
        ("vars.NONE || vars.NONE", ""),
        ("vars.NONE || format('https://{0}.x/{1}/', vars.A, github.ref)", "https://a.x/refs/heads/main/"),
        ("toJSON(needs)", '{"x": {"result": "success"}}'),
        ("always()", True),
        ("vars.A == 'a'", True),
        ("vars.A != 'a'", False),
        ("vars.A == 'a' && vars.NONE != ''", False),
        ("github.ref == 'refs/heads/main' && vars.A == vars.A", True),
        ("vars.A == vars.NONE", False),
        ("vars.A == 'vars.A'", False),
    ],
)
def test_expressions(rehearse: ModuleType, expression: str, expected: str | bool) -> None:
    names = rehearse.Names({"vars.A": "a", "vars.NONE": "", "github.ref": "refs/heads/main"})
    assert rehearse.value(expression, names, {"x": {"result": "success"}}) == expected
    with pytest.raises(LookupError, match="vars.B is not known here"):
        rehearse.value("vars.B", names, {})


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_each_expression_of_our_workflows_is_known(rehearse: ModuleType, path: Path) -> None:
    workflow = read(path)
    names = rehearse.known_names("https://example.invalid/")
    for name, job in workflow.jobs.items():
        names.update({f"matrix.{key}": "x" for key in job.get("strategy", {}).get("matrix", {})})
        names.update({f"needs.{name}.outputs.{output}": "x" for output in job.get("outputs", {})})
    jobs = [{**job, "outputs": {}, "environment": ""} for job in workflow.jobs.values()]
    text = yaml.safe_dump([workflow.data.get("env", {}), jobs])
    conditions = [job["if"] for job in workflow.jobs.values() if "if" in job]
    conditions += [step["if"] for _, step in workflow.steps() if "if" in step]
    for expression in [*rehearse.EXPRESSION.findall(text), *conditions]:
        if not expression.startswith("runner."):  # only actions are given these, and they are passed over
            rehearse.value(expression, names, {})


def rehearsal(project: Path, workflow: str) -> list[str]:
    """The command that rehearses `workflow`, in a project of its own in that folder."""
    (project / ".ci").mkdir(parents=True)
    (project / ".github" / "workflows").mkdir(parents=True)
    (project / ".ci" / "rehearse.py").write_text((ROOT / ".ci" / "rehearse.py").read_text())
    (project / ".github" / "workflows" / "one.yml").write_text(workflow)
    git = ("git", "-c", "user.name=x", "-c", "user.email=x@example.invalid")
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "x"]):
        subprocess.run([*git, *command], cwd=project, check=True)
    return [sys.executable, str(project / ".ci" / "rehearse.py"), "one"]


STEP_BY_STEP = """
env: {WHO: world}
jobs:
  first:
    name: First
    runs-on: ubuntu-24.04
    steps:
      - {name: Check out, uses: actions/checkout@x}
      - {name: Change the runner, run: sudo touch changed}
      - {name: Say, run: 'test ! -e changed && echo "hello $WHO" && echo "word=done" >> "$GITHUB_OUTPUT"'}
  second:
    name: Second
    needs: first
    if: needs.first.outputs.word == 'done'
    runs-on: ubuntu-24.04
    steps:
      - {name: Fail, run: 'false'}
      - {name: Never, run: echo never}
      - {name: Always, if: always(), run: echo always}
  unasked:
    name: Unasked
    if: github.event_name == 'schedule'
    runs-on: ubuntu-24.04
    steps: [{name: Say, run: echo asked}]
  third:
    name: Third
    runs-on: windows-2025
    steps: [{name: Elsewhere, run: echo elsewhere}]
"""


def test_a_workflow_is_rehearsed_step_by_step(tmp_path: Path) -> None:
    """A failing step ends its job, but for steps that always run, and then the whole."""
    command = rehearsal(tmp_path / "project", STEP_BY_STEP)
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    said = done.stdout.splitlines()
    assert "hello world" in said
    assert "always" in said
    assert "--- Change the runner: sudo touch changed is passed over: it would change this machine" in said
    assert "never" not in said
    assert "elsewhere" not in said
    assert said[-4:] == ["first       success", "second      failure", "unasked     skipped", "third       skipped"]
    assert "asked" not in said
    done = subprocess.run([*command, "second"], capture_output=True, text=True)
    assert done.stdout.splitlines()[-2:] == ["first       success", "second      failure"], "with what it needs"
    done = subprocess.run([*command, "fourth"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (2, "error: no job fourth; there are: first, second, unasked, third\n")
    done = subprocess.run([*command, "unasked"], capture_output=True, text=True)
    assert "asked" in done.stdout.splitlines(), "a job that is named runs, whatever its condition"


CONDITIONS = """
jobs:
  first:
    name: Under ${{ matrix.system }}
    runs-on: ubuntu-24.04
    strategy: {matrix: {system: [one, two]}}
    steps:
      - {name: Say, if: matrix.system == 'two', run: echo said}
      - {name: Fail, if: matrix.system != 'one', run: 'false'}
      - {name: Never, if: matrix.system == 'two', run: echo never}
      - {name: Always, if: always() && matrix.system == 'two', run: echo always}
"""


def test_a_step_runs_where_its_condition_holds(tmp_path: Path) -> None:
    """In each place of a matrix by itself; after a failure, only one that says `always()`."""
    done = subprocess.run(rehearsal(tmp_path / "project", CONDITIONS), capture_output=True, text=True)
    said = done.stdout.splitlines()
    first, second = said.index("=== first: Under one"), said.index("=== first: Under two")
    assert all(line.startswith("--- ") and ": skipped: " in line for line in filter(None, said[first + 1 : second]))
    assert said.count("said") == 1 and said.count("always") == 1 and "never" not in said
    assert said[-1] == "first       failure"


ASKS = """
env: {SITE_URL: '${{ vars.SITE_URL }}'}
jobs:
  first:
    name: First
    runs-on: ubuntu-24.04
    steps: [{name: Ask, run: 'echo "$SITE_URL"'}, {name: Fetch, run: 'PYTHON fetch.py'}]
"""
FETCH = """
from snippets.lab.site.fetched import NothingPublished, Unreachable, fetch
try:
    fetch()
except NothingPublished as error:
    print(type(error).__name__, error)
"""


@pytest.mark.parametrize("given", ["", "https://example.invalid/"], ids=["no address", "an address"])
def test_a_rehearsal_knows_without_a_network_that_nothing_is_published(tmp_path: Path, given: str) -> None:
    """A build to publish ends where that is not known. Whoever gives an address gets that one."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "fetch.py").write_text(FETCH if not given else "")
    command = rehearsal(project, ASKS.replace("PYTHON", sys.executable))
    environment = {**os.environ, "SITE_URL": given, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    if given:
        assert given in done.stdout.splitlines()
    else:
        assert re.search(r"^NothingPublished http://127\.0\.0\.1:\d+/.*Not Found$", done.stdout, re.MULTILINE)


def test_a_workflow_that_does_not_exist_is_named() -> None:
    command = [sys.executable, str(ROOT / ".ci" / "rehearse.py"), "nowhere"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr == "error: name one workflow: canary, check, gpu, publish\n"
