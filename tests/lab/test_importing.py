"""Who may import whom: data goes down only, and each side runs without the other's packages."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from snippets.lab import results
from snippets.lab.code import imported_modules
from snippets.lab.paths import ROOT, SNIPPETS

from .house import House
from .made import measured
from .made import results as made

LAB = sorted(path.relative_to(ROOT) for path in (SNIPPETS / "lab").rglob("*.py"))
GUIDES = ("snippets.optimization_guide", "snippets.helper_sprites", "snippets.errors")

BLOCKED = ("matplotlib", "mkdocs", "markdown", "rich", "PIL", "bs4", "jupytext", "yaml")
BLOCK = f"""
import sys

class Block:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {BLOCKED}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Block())
"""


def python(script: str, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=240,
    )


def imported(script: str, *arguments: str) -> set[str]:
    """The packages of which a module is there after a script ran."""
    script += "\nimport sys; print(*{name.partition('.')[0] for name in sys.modules})"
    ended = python(script, *arguments)
    assert ended.returncode == 0, ended.stderr
    return set(ended.stdout.split())


def named(path: Path) -> set[str]:
    """Every module that a file names in an import."""
    found = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return found


def test_building_imports_neither_torch_nor_matplotlib() -> None:
    found = imported("import snippets.lab.session, snippets.lab.build, snippets.lab.markdown, snippets.lab.mkdocs_hook")
    assert "mkdocs" in found
    assert not found & {"torch", "matplotlib", "numpy"}


def test_reading_and_judging_results_imports_neither(tmp_path: Path) -> None:
    results.write(made(in_memory=measured()), tmp_path / "results.json")
    script = (
        "import sys; from pathlib import Path; from snippets.lab import results, session, catalog\n"
        "held = session.load(Path(sys.argv[1])); one = held.experiments['in-memory']\n"
        "one.estimate('alone'), one.ratio('alone', 'helped')\n"
        "assert session.is_stale(held, 'in-memory', 'short')\n"
        "for name in catalog.experiment_names(): catalog.claims(name)\n"
        "for name in catalog.figure_names(): catalog.show(*name.split('/'))"
    )
    assert not imported(script, str(tmp_path / "results.json")) & {"torch", "matplotlib", "numpy"}


def test_the_commands_import_nothing_until_they_run() -> None:
    assert not imported("import snippets.lab.__main__") & {"torch", "matplotlib", "numpy", "mkdocs", "rich"}


@pytest.mark.parametrize("path", LAB, ids=str)
def test_the_lab_knows_no_guide_and_no_experiment(path: Path) -> None:
    for module in named(path):
        assert not module.startswith(("snippets.experiments", *GUIDES)), f"{path} imports {module}"


@pytest.mark.parametrize("path", LAB, ids=str)
def test_the_lab_names_no_guide_either(path: Path) -> None:
    """A name in a text would be an import in disguise."""
    words = [
        node.value
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    for guide in GUIDES:
        assert not any(guide in word for word in words), f"{path} speaks of {guide}"


def test_nothing_imports_a_page() -> None:
    for path in SNIPPETS.rglob("*.py"):
        for module in named(path.relative_to(ROOT)):
            assert module.partition(".")[0] != "docs", f"{path} imports {module}"


def test_the_measuring_side_names_no_package_of_the_page_side() -> None:
    """Of the lab's own modules. The images, which a build makes for the experiments, do need Pillow."""
    modules = imported_modules("snippets.lab.measure") | imported_modules("snippets.lab.session")
    for module in (module for module in modules if module.startswith("snippets.lab")):
        path = ROOT.joinpath(*module.split("."))
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        packages = {name.partition(".")[0] for name in named(path.relative_to(ROOT))}
        # progress asks for rich where there is a terminal, and does without.
        allowed = {"rich"} if module == "snippets.lab.progress" else set()
        assert packages & {*BLOCKED, "mkdocs_jupyter"} <= allowed, module


def test_measuring_needs_torch_and_numpy_alone(tmp_path: Path) -> None:
    """What needs Pillow is then not measured here, which is no error."""
    house, blocker = House(tmp_path), tmp_path / "blocker"
    house.copy("in_memory", "disk")
    house.edit("snippets/lab/experiment.py", "ROUNDS = 7", "ROUNDS = 1")
    blocker.mkdir()
    (blocker / "sitecustomize.py").write_text(BLOCK)
    assert python("import rich", PYTHONPATH=str(blocker)).returncode == 1
    ended = house.measure(PYTHONPATH=str(blocker))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "  disk: not measured here: Pillow is not installed" in ended.stdout
    held = house.results().experiments
    assert (held["disk"].status, held["disk"].reason) == ("unavailable", "Pillow is not installed")
    assert held["in-memory"].status == "measured"
    assert held["in-memory"].samples
