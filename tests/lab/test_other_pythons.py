"""Later Pythons run what needs no package, and find the same hashes: what one has measured is fresh for another.

Only those that are installed here, without torch. What is measured under them is for CI to see.
"""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from snippets.lab.catalog import experiment_hash, experiment_names
from snippets.lab.outputs.outputs import shown_snippets
from snippets.lab.paths import ROOT
from snippets.lab.results import results
from tests.lab.made import measured
from tests.lab.made import results as made
from tests.pythons import LATER, found


@pytest.fixture(params=LATER)
def later(request: pytest.FixtureRequest) -> str:
    if not (command := found(request.param)):
        pytest.skip(f"there is no Python {request.param} here")
    return command


def run(python: str, *arguments: str, **environment: str) -> str:
    """What it prints, without packages; a warning, as of what a later Python will lack, is an error."""
    ended = subprocess.run(
        [python, "-S", "-W", "error", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


IMPORT = """
import importlib, sys
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:
        assert not error.name.startswith("snippets"), error
    else:
        print(name)
"""


@cache
def imported(python: str, modules: tuple[str, ...], place: Path) -> list[str]:
    """Those that need no package."""
    return run(python, "-c", IMPORT, *modules, PYTHONPATH=str(place)).split()


def test_what_needs_no_package_can_be_imported(later: str) -> None:
    files = [path.relative_to(ROOT).with_suffix("") for path in (ROOT / "snippets" / "lab").rglob("*.py")]
    modules = tuple(sorted(".".join(file.parts).removesuffix(".__init__") for file in files))
    here = imported(sys.executable, modules, ROOT)
    assert {"snippets.lab.measuring.session", "snippets.lab.results.contributed"} <= {*here} < {*modules}
    assert imported(later, modules, ROOT) == here


def test_what_ci_runs_before_anything_is_installed(later: str) -> None:
    folder = ROOT / ".ci"
    modules = tuple(sorted(path.stem for path in folder.glob("*.py")))
    here = imported(sys.executable, modules, folder)
    assert {"install", "scope", "jobs", "gpu_result", "only_file"} <= {*here}
    assert imported(later, modules, folder) == here


def test_each_snippet_can_be_compiled(later: str) -> None:
    files = [f"snippets/pages/{name}.py" for name in shown_snippets()]
    run(
        later,
        "-c",
        "import sys; [compile(open(file, encoding='utf-8').read(), file, 'exec') for file in sys.argv[1:]]",
        *files,
    )


def test_a_result_file_can_be_checked(later: str, tmp_path: Path) -> None:
    file = tmp_path / "my-machine.json"
    results.write(made(in_memory=measured()), file)
    assert "may be contributed" in run(later, "-m", "snippets.lab", "validate", str(file))


def test_hashes_are_the_same(later: str) -> None:
    ask = (
        "import json; from snippets.lab import moment; moment.begin(); "
        "from snippets.lab.catalog import experiment_hash, experiment_names; "
        "print(json.dumps({name: experiment_hash(name, 'short') for name in experiment_names()}))"
    )
    assert json.loads(run(later, "-c", ask)) == {name: experiment_hash(name, "short") for name in experiment_names()}
