"""Who may import whom: data goes down only, and each side runs without the other's packages."""

import ast
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from snippets.lab.code import executed, imported_modules
from snippets.lab.paths import PAGES, ROOT, SNIPPETS
from snippets.lab.results import results
from tests.lab.house import FINE, House
from tests.lab.made import measured
from tests.lab.made import results as made

LAB = sorted(path.relative_to(ROOT) for path in (SNIPPETS / "lab").rglob("*.py"))
ALL = sorted(path.relative_to(ROOT) for path in SNIPPETS.rglob("*.py"))

BELOW: dict[str, set[str]] = {
    "": set(),
    "machine": set(),
    "instruments": set(),
    "results": {"machine", "instruments"},
    "figures": {"results", "instruments"},
    "outputs": {"machine"},
    "judging": {"results", "machine", "instruments"},
    "markdown": {"judging", "figures", "outputs", "results", "machine", "instruments"},
    "measuring": {"judging", "results", "machine", "instruments"},
    "site": {"measuring", "markdown", "judging", "figures", "outputs", "results", "machine"},
}
"""What each room of the lab may import, beside itself and the ground, "". Data goes down only."""
SHOWN_TO_EXPERIMENTS = {"instruments", "machine", "results", "judging", "figures", ""}

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


@cache
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
    found = imported(
        "from snippets.lab.measuring import session\n"
        "from snippets.lab.site import build, hook\nfrom snippets.lab.markdown import extension"
    )
    assert "mkdocs" in found
    assert not found & {"torch", "matplotlib", "numpy"}


def test_reading_and_judging_results_imports_neither(tmp_path: Path) -> None:
    results.write(made(in_memory=measured()), tmp_path / "results.json")
    script = (
        "import sys; from pathlib import Path\n"
        "from snippets.lab import catalog; from snippets.lab.judging import claims\n"
        "from snippets.lab.measuring import session; from snippets.lab.results import results\n"
        "held = session.load(Path(sys.argv[1])); one = held.experiments['in-memory']\n"
        "one.estimate('alone'), one.ratio('alone', 'helped')\n"
        "assert session.is_stale(held, 'in-memory', 'short')\n"
        "for name in catalog.experiment_names(): claims.claims(name)\n"
        "for name in catalog.figure_names(): catalog.show(*name.split('/'))"
    )
    assert not imported(script, str(tmp_path / "results.json")) & {"torch", "matplotlib", "numpy"}


def test_the_commands_import_nothing_until_they_run() -> None:
    assert not imported("import snippets.lab.__main__") & {"torch", "matplotlib", "numpy", "mkdocs", "rich"}


def room(module: str) -> str:
    """`judging` for snippets.lab.judging.judge, and "" for what lies on the ground."""
    parts = module.split(".")
    return parts[2] if len(parts) > 3 or len(parts) == 3 and (SNIPPETS / "lab" / parts[2]).is_dir() else ""


def module_of(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def direct(path: Path) -> set[str]:
    """The modules of ours that a file imports itself."""
    found = (ROOT.joinpath(*name.split(".")) for name in named(path) if name.startswith("snippets"))
    files = (file for each in found for file in (each.with_suffix(".py"), each / "__init__.py") if file.exists())
    return {module_of(file.relative_to(ROOT)) for file in files} - {module_of(path)}


def test_every_room_says_what_it_may_import() -> None:
    assert {room(module_of(path)) for path in LAB} == {*BELOW}


def test_a_room_imports_what_lies_below_it() -> None:
    """So the lab knows no page and no experiment, either."""
    for path in LAB:
        rooms = {room(module_of(path)), "", *BELOW[room(module_of(path))]}
        above = {name for name in direct(path) if not (name.startswith("snippets.lab") and room(name) in rooms)}
        assert not above or path.name == "__main__.py", f"{path} imports {above}"


def test_an_experiment_imports_what_is_made_for_experiments() -> None:
    for path in (path for path in ALL if path.parts[1] == "experiments"):
        of_the_lab = {name for name in direct(path) if name.startswith("snippets.lab")}
        assert {*map(room, of_the_lab)} <= SHOWN_TO_EXPERIMENTS, f"{path} imports {of_the_lab}"


def test_a_room_s_own_file_is_empty() -> None:
    """What it imported would be imported, and hashed, with each module of the room."""
    own = [path for path in LAB if path.name == "__init__.py"]
    assert [path for path in own if ast.parse((ROOT / path).read_bytes()).body[1:]] == []


def test_no_import_goes_in_a_circle() -> None:
    arrows = {module_of(path): direct(path) for path in ALL}
    while ends := [module for module, below in arrows.items() if not below & arrows.keys()]:
        for module in ends:
            del arrows[module]
    assert not arrows, "these import each other:\n" + "\n".join(map(str, arrows.items()))


def test_the_lab_names_no_page_s_folder_either() -> None:
    """A name in a text would be an import in disguise."""
    folders = [file.parent.name for file in PAGES.glob("*/__init__.py")]
    for path in LAB:
        code = executed((ROOT / path).read_bytes())
        spoken = [name for name in folders if f"{name}/" in code or ("_" in name and name in code)]
        assert not spoken, f"{path} speaks of {spoken}"


def test_nothing_imports_a_page() -> None:
    assert [path for path in ALL if any(name.partition(".")[0] == "docs" for name in named(path))] == []


def test_the_measuring_side_names_no_package_of_the_page_side() -> None:
    """Of the lab's own modules. The images, which a build makes for the experiments, do need Pillow."""
    modules = imported_modules("snippets.lab.measuring.one_pass") | imported_modules("snippets.lab.measuring.session")
    measures = [path for path in LAB if module_of(path) in modules or room(module_of(path)) == "instruments"]
    assert len(measures) > 20
    page_side = {*BLOCKED, "mkdocs_jupyter"}
    packages = {path: page_side & {name.partition(".")[0] for name in named(path)} for path in measures}
    # progress asks for rich where there is a terminal, and does without.
    assert {path.name: sorted(names) for path, names in packages.items() if names} == {"progress.py": ["rich"]}


def test_measuring_needs_torch_and_numpy_alone(tmp_path: Path) -> None:
    """What needs Pillow is then not measured here, which is no error."""
    house, blocker = House(tmp_path, draws="from PIL import Image\n" + FINE), tmp_path / "blocker"
    house.copy("life_of_a_batch")
    house.edit("snippets/lab/instruments/experiment.py", "ROUNDS = 7", "ROUNDS = 1")
    blocker.mkdir()
    (blocker / "sitecustomize.py").write_text(BLOCK)
    assert python("import rich", PYTHONPATH=str(blocker)).returncode == 1
    ended = house.measure(PYTHONPATH=str(blocker))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "  draws: not measured here: Pillow is not installed" in ended.stdout
    held = house.results().experiments
    assert (held["draws"].status, held["draws"].reason) == ("unavailable", "Pillow is not installed")
    assert held["life-of-a-batch"].status == "measured"
    assert held["life-of-a-batch"].samples
