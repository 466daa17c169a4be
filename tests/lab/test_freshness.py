"""A result is stale when the code that it was measured with has changed, and only then."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from snippets.lab.catalog import HARNESS, experiment_hash, experiment_names, measuring_module
from snippets.lab.freshness import imported_modules, machine_hash, source_hash
from snippets.lab.machine import this_machine, this_software
from snippets.lab.paths import ROOT, SNIPPETS

PAGE_SIDE = ("draw", "markdown", "render", "tables", "published", "mkdocs_hook", "site", "build", "notebook_page")


def tree(root: Path, **files: str) -> Path:
    """Modules by their names below `snippets`; a name that ends in `__init__` is a package's own file."""
    for name, text in files.items():
        path = root.joinpath("snippets", *name.split("-")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def found(root: Path, module: str = "snippets.a") -> set[str]:
    return {name.removeprefix("snippets.") for name in imported_modules(module, root)}


@pytest.mark.parametrize(
    "line",
    [
        "import snippets.b",
        "import os, snippets.b as other",
        "from snippets.b import name",
        "from snippets import b",
        "from snippets import b as other",
        "from snippets.b import *",
        "def late():\n    from snippets.b import name",
        "class Late:\n    def late(self):\n        import snippets.b",
        "try:\n    import snippets.b\nexcept ImportError:\n    pass",
        "from importlib import import_module\nimport_module('snippets.b')",
    ],
)
def test_every_way_to_import(tmp_path: Path, line: str) -> None:
    assert found(tree(tmp_path, a=line, b="", c="")) == {"a", "b"}


def test_imports_of_imports_and_circles(tmp_path: Path) -> None:
    root = tree(tmp_path, a="import snippets.b", b="import snippets.c", c="import snippets.a", d="import snippets.a")
    assert found(root) == {"a", "b", "c"}


def test_a_package_brings_its_own_file_and_what_that_imports(tmp_path: Path) -> None:
    files = {"b-__init__": "from snippets.b import hidden", "b-hidden": "", "b-shown": "", "b-other": ""}
    for line in ("from snippets.b import shown", "import snippets.b.shown", "from snippets.b.shown import x"):
        assert found(tree(tmp_path, a=line, **files)) == {"a", "b", "b.hidden", "b.shown"}
    assert found(tree(tmp_path, a="import snippets.b", **files)) == {"a", "b", "b.hidden"}


def test_text_that_begins_like_a_module_is_no_import(tmp_path: Path) -> None:
    assert found(tree(tmp_path, a='"snippets.b is one"\n"snippets/b.py"', b="")) == {"a"}


def test_modules_from_elsewhere_do_not_count(tmp_path: Path) -> None:
    assert found(tree(tmp_path, a="import os, torch\nfrom docs import b\nfrom snippetsb import c", b="")) == {"a"}


def test_the_hash_changes_with_a_dependency_and_with_nothing_else(tmp_path: Path) -> None:
    root = tree(tmp_path, a="import snippets.b", b="import snippets.c", c="x = 1", d="x = 1")
    before = source_hash("snippets.a", root=root)
    tree(root, d="x = 2")
    (root / "page.md").write_text("A prose edit.")
    assert source_hash("snippets.a", root=root) == before
    tree(root, c="x = 2")
    changed = source_hash("snippets.a", root=root)
    assert changed != before
    tree(root, a="import snippets.b, snippets.d")
    assert source_hash("snippets.a", root=root) not in (before, changed)


def test_the_hash_of_two_modules_counts_what_both_import(tmp_path: Path) -> None:
    root = tree(tmp_path, a="", b="import snippets.c", c="")
    before = source_hash("snippets.a", "snippets.b", root=root)
    assert before == source_hash("snippets.b", "snippets.a", root=root) != source_hash("snippets.a", root=root)
    tree(root, c="x = 1")
    assert source_hash("snippets.a", "snippets.b", root=root) != before


def test_another_machine_or_other_versions_make_all_stale() -> None:
    machine, software = this_machine(), this_software()
    same = machine_hash(machine, software)
    assert same == machine_hash(replace(machine), replace(software))
    assert same != machine_hash(replace(machine, driver="other"), software)
    assert same != machine_hash(replace(machine, quota=0.5), software)
    assert same != machine_hash(machine, replace(software, torch="0"))


def test_memory_that_grows_makes_nothing_stale() -> None:
    """As a virtual machine's does while it runs; a run that goes on after a pause would measure all anew."""
    machine, software = this_machine(), this_software()
    grown = replace(machine, ram=round(machine.ram * 1.03), shm=2**30)
    assert machine_hash(grown, software) == machine_hash(machine, software)


def covered(name: str) -> set[str]:
    return imported_modules(measuring_module(name)) | imported_modules(HARNESS)


@pytest.mark.parametrize("name", experiment_names())
def test_an_experiment_covers_what_measures_it_and_not_what_shows_it(name: str) -> None:
    assert {"snippets.lab.experiment", "snippets.lab.measure", measuring_module(name)} <= covered(name)
    own = measuring_module(name).removesuffix("measure")
    assert f"{own}show" not in covered(name)
    for module in covered(name):
        assert not any(module.startswith(f"snippets.lab.{room}") for room in PAGE_SIDE), module


@pytest.mark.parametrize("name", experiment_names())
def test_an_experiment_covers_each_module_of_ours_that_it_names(name: str) -> None:
    """Read from the source, as a reader would: `from snippets.X import …` names the module X."""
    source = ROOT.joinpath(*measuring_module(name).split(".")).with_suffix(".py")
    named = [node for node in ast.walk(ast.parse(source.read_text())) if isinstance(node, ast.ImportFrom)]
    ours = {str(node.module) for node in named if str(node.module).startswith("snippets.")}
    assert ours <= covered(name)


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("disk", "snippets.helper_sprites.sprites_from_disk"),
        ("disk", "snippets.lab.page_cache"),
        ("disk", "snippets.images.sets"),
        ("in-memory", "snippets.optimization_guide.when_not_to_use"),
        ("in-memory", "snippets.lab.loader_timing"),
        ("memory", "snippets.helper_sprites.memory_goblins"),
        ("memory", "snippets.lab.process_memory"),
        ("photos-overlap", "snippets.optimization_guide.heavy_preprocessing"),
        ("photos-overlap", "snippets.images.photo.layers"),
        ("quick-benchmark", "snippets.images.sprite.pixels"),
        ("quick-benchmark", "snippets.optimization_guide.quick_benchmark"),
        ("quick-benchmark", "snippets.experiments.quick_benchmark.as_written"),
        ("scaling", "snippets.lab.capacity"),
        ("sprites-overlap", "snippets.helper_sprites.optional_num_workers"),
        ("sprites-overlap", "snippets.lab.trace"),
        ("start-up", "snippets.optimization_guide.windows_compatibility"),
    ],
)
def test_an_experiment_covers_the_snippet_that_its_arms_use(name: str, module: str) -> None:
    assert module in covered(name)


def test_the_harness_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """No experiment imports the module that takes the samples, and every number depends on it."""
    name = experiment_names()[0]
    before = experiment_hash(name)
    harness = ROOT.joinpath(*HARNESS.split(".")).with_suffix(".py")
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read(path) + b"#" * (path == harness))
    assert experiment_hash(name) != before


def test_nothing_imports_in_a_way_that_the_hash_does_not_see() -> None:
    """Relative imports are not followed, so there must be none."""
    for path in SNIPPETS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.ImportFrom) and node.level), f"{path}:{node.lineno}"
