"""A result is stale when the code that it was measured with has changed, and only then."""

import ast
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from snippets.lab import code, moment
from snippets.lab.catalog import HARNESS, experiment_names, measured_by, measuring_module
from snippets.lab.code import executed, imported_modules, source_hash
from snippets.lab.paths import ROOT, SNIPPETS

MEASURING = {"instruments", "loader_model", "machine", "measuring", "paths"}
"""The rooms of the lab that a number may depend on: none that draws, judges, reads results or builds pages. What the
model predicts stands in the result beside what came of it, so another model is another measurement.
"""


def tree(root: Path, **files: str) -> Path:
    """Modules by their names below `snippets`; a name that ends in `__init__` is a package's own file."""
    for name, text in files.items():
        path = root.joinpath("snippets", *name.split("-")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def found(root: Path, module: str = "snippets.a") -> set[str]:
    return {name.removeprefix("snippets.") for name in imported_modules(module, root=root)}


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


@pytest.fixture
def next_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Forgets what this process has read. What the tree's files say is kept in the tree."""
    monkeypatch.setattr(code, "ROOT", tmp_path)
    monkeypatch.setattr(code, "KEPT", tmp_path / "sources.json")

    def forget() -> None:
        code._kept.cache_clear()
        code._read.cache_clear()
        code._new.clear()

    forget()
    monkeypatch.setattr(code, "_kept", cache(code._kept.__wrapped__))
    return forget


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The files that were parsed."""
    parsed: list[bytes] = []
    parse = code._parsed
    monkeypatch.setattr(code, "_parsed", lambda source: parsed.append(source) or parse(source))
    return parsed


def test_what_a_process_has_read_the_next_does_not_parse(
    tmp_path: Path, next_process: Callable[[], None], parsed: list[bytes]
) -> None:
    root = tree(tmp_path, a="import snippets.b", b="x = 1")
    before = source_hash("snippets.a", root=root)
    assert parsed == [b"import snippets.b", b"x = 1"]
    next_process()
    assert source_hash("snippets.a", root=root) == before and len(parsed) == 2
    next_process()
    tree(tmp_path, b="x = 2")
    assert source_hash("snippets.a", root=root) != before and parsed[2:] == [b"x = 2"]


@pytest.mark.parametrize("kept", ["", "[]", '{"a": 1}', "\0"])
def test_what_was_kept_and_cannot_be_read_is_read_anew(
    tmp_path: Path, next_process: Callable[[], None], parsed: list[bytes], kept: str
) -> None:
    root = tree(tmp_path, a="x = 1")
    (tmp_path / "sources.json").write_text(kept)
    before = source_hash("snippets.a", root=root)
    next_process()
    assert source_hash("snippets.a", root=root) == before and len(parsed) == 1


def test_where_nothing_can_be_kept_the_hash_is_the_same(
    tmp_path: Path, next_process: Callable[[], None], parsed: list[bytes]
) -> None:
    root = tree(tmp_path, a="x = 1")
    (tmp_path / "sources.json").mkdir()
    before = source_hash("snippets.a", root=root)
    next_process()
    assert source_hash("snippets.a", root=root) == before and len(parsed) == 2


@cache
def covered(name: str) -> set[str]:
    return {module for each in measured_by(name, "full") for module in imported_modules(each)}


@pytest.mark.parametrize("name", experiment_names())
def test_an_experiment_covers_what_measures_it_and_not_what_shows_it(name: str) -> None:
    """Each module of ours that it names, as a reader would see: `from snippets.X import …` names the module X."""
    module = measuring_module(name)
    source = ROOT.joinpath(*module.split(".")).with_suffix(".py")
    named = [node.module or "" for node in ast.walk(ast.parse(source.read_text())) if isinstance(node, ast.ImportFrom)]
    ours = {name for name in named if name.startswith("snippets.")}
    assert {"snippets.lab.instruments.experiment", HARNESS, module, *ours} <= covered(name)
    own = module.removesuffix("measure")
    assert not covered(name) & {f"{own}show", f"{own}claims"}
    lab = {module for module in covered(name) if module.startswith("snippets.lab.")}
    assert {module.split(".")[2] for module in lab} <= MEASURING
    assert {module for module in lab if module.startswith("snippets.lab.measuring.")} == {HARNESS}


@pytest.mark.parametrize(
    ("name", "modules"),
    [
        ("disk", "pages.helper_sprites.sprites_from_disk lab.instruments.page_cache images.sets"),
        ("in-memory", "pages.optimization_guide.when_not_to_use lab.instruments.timing"),
        ("memory", "pages.helper_sprites.memory_goblins lab.instruments.process_memory"),
        ("photos-overlap", "pages.optimization_guide.heavy_preprocessing images.photo.layers"),
        ("quick-benchmark", "images.sprite.pixels pages.optimization_guide.quick_benchmark"),
        ("quick-benchmark", "experiments.first_benchmark"),
        ("scaling", "lab.machine.capacity"),
        ("sprites-overlap", "pages.helper_sprites.optional_num_workers lab.instruments.trace"),
        ("start-up", "pages.optimization_guide.windows_compatibility"),
    ],
)
def test_an_experiment_covers_the_snippet_that_its_arms_use(name: str, modules: str) -> None:
    assert {f"snippets.{module}" for module in modules.split()} <= covered(name)


TIMED = '''
"""What a step costs."""
import time

SECONDS = 0.004
"""Of one item."""


def step(batch: list[int]) -> float:
    """Seconds."""
    began = time.perf_counter()
    time.sleep(SECONDS * len(batch))  # stands for a GPU
    return time.perf_counter() - began
'''


@pytest.mark.parametrize(
    ("code", "instead", "same"),
    [
        ("What a step costs.", "What a step waits.", True),
        ("Of one item.", "Of each item.", True),
        ("Seconds.", "Seconds, of one step.", True),
        ("  # stands for a GPU", "", True),
        ("began = time.perf_counter()", "began = (\n        time . perf_counter( )\n    )", True),
        ("import time\n", "import time\n\n\n", True),
        ("0.004", "0.005", False),
        ("sleep(SECONDS * len(batch))", "sleep(SECONDS)", False),
        ("perf_counter() - began", "monotonic() - began", False),
        ("    began = time.perf_counter()\n", "", False),
        ("def step", "async def step", False),
        ("import time", "import time as clock", False),
    ],
)
def test_the_hash_changes_with_what_python_executes_and_with_nothing_else(code: str, instead: str, same: bool) -> None:
    assert code in TIMED
    assert (executed(TIMED.replace(code, instead).encode()) == executed(TIMED.encode())) is same


def test_a_module_that_reads_its_docstring_executes_it() -> None:
    reads = TIMED + "\nprint(__doc__)\n"
    assert executed(reads.replace("waits", "costs").encode()) == executed(reads.encode())
    assert executed(reads.replace("What a step costs.", "What a step waits.").encode()) != executed(reads.encode())


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of all snippets."""
    folder = tmp_path_factory.mktemp("code")
    shutil.copytree(SNIPPETS, folder / "snippets", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def hashes(root: Path, form: str = "full") -> dict[str, str]:
    """Of the files as they are now, each read once, as a build does."""
    moment.begin()
    try:
        return {name: source_hash(*measured_by(name, form), root=root) for name in experiment_names()}
    finally:
        moment.end()


@pytest.fixture(scope="module")
def before(root: Path) -> dict[str, str]:
    return hashes(root)


def stale_after(root: Path, before: dict[str, str], file: str, edit: Callable[[Path], None]) -> set[str]:
    """The experiments whose hash changes by an edit of a file."""
    path = root / "snippets" / file
    source = path.read_bytes()
    edit(path)
    assert path.read_bytes() != source
    after = hashes(root)
    path.write_bytes(source)
    return {name for name in before if after[name] != before[name]}


def append(text: str) -> Callable[[Path], None]:
    def edit(path: Path) -> None:
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")

    return edit


def drop_docstring(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tree.body = tree.body[1:]
    path.write_text(ast.unparse(tree), encoding="utf-8")


def lay_out_anew(path: Path) -> None:
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "60", str(path)]
    subprocess.run(command, check=True, capture_output=True)


NO_NUMBER = ("figures/figure", "figures/draw/bars", "judging/judge", "results/results", "store", "code")
COMMENT, CODE = append("\n# why\n"), append("\nNEW = 1\n")


@pytest.mark.parametrize(
    ("file", "edit"),
    [
        ("lab/instruments/experiment.py", COMMENT),
        ("lab/measuring/one_pass.py", drop_docstring),
        ("experiments/scaling/measure.py", lay_out_anew),
        ("pages/helper_sprites/optional_num_workers.py", COMMENT),
        *((f"lab/{module}.py", CODE) for module in NO_NUMBER),
        *((f"experiments/scaling/{part}.py", CODE) for part in ("show", "claims", "regret")),
    ],
)
def test_no_experiment_is_stale_for_words_for_drawing_or_for_judging(
    root: Path, before: dict[str, str], file: str, edit: Callable[[Path], None]
) -> None:
    assert stale_after(root, before, file, edit) == set()


@pytest.mark.parametrize(
    ("file", "stale"),
    [
        ("experiments/disk/measure.py", {"disk"}),
        ("experiments/disk/arms.py", {"disk"}),
        ("pages/helper_sprites/memory_goblins.py", {"memory"}),
        ("lab/instruments/page_cache.py", {"disk"}),
        ("experiments/scaling/measure.py", {"scaling"}),
        (
            "experiments/workloads.py",
            {"scaling", "choosing", "predictions", "other-tuners", "thread-loader", "gpu-choosing"},
        ),
        ("experiments/varied_workloads.py", {"choosing", "predictions", "other-tuners", "thread-loader"}),
        ("experiments/counting_datasets.py", {"counted", "knobs"}),
        ("lab/measuring/one_pass.py", {*experiment_names()}),
        ("lab/machine/capacity.py", {*experiment_names()}),
    ],
)
def test_what_is_timed_makes_stale_what_it_times_and_nothing_else(
    root: Path, before: dict[str, str], file: str, stale: set[str]
) -> None:
    assert stale_after(root, before, file, CODE) == stale


def test_what_the_short_form_leaves_out_makes_the_short_form_stale_alone(root: Path, before: dict[str, str]) -> None:
    short = hashes(root, "short")
    file = root / "snippets" / "experiments" / "choosing" / "short.py"
    source = file.read_bytes()
    CODE(file)
    assert hashes(root) == before
    assert {name for name, each in hashes(root, "short").items() if each != short[name]} == {"choosing"}
    file.write_bytes(source)


def test_nothing_imports_in_a_way_that_the_hash_does_not_see() -> None:
    """Relative imports are not followed, so there must be none."""
    for path in SNIPPETS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.ImportFrom) and node.level), f"{path}:{node.lineno}"
