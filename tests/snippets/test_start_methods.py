"""Every script runs under a method that pickles, one also spawned, and leaves nobody behind. Under the system's own
method each build runs it, or, of the guides' blocks, tests/docs/test_blocks.py.

What it does not prove: that it runs on Windows or macOS, only that it runs under a method that does what theirs does.
"""

import multiprocessing
import re
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

import pytest

from snippets.lab.outputs.preloaded import Preloaded
from snippets.lab.outputs.running import absent, code_of, path_of, tools_of

from ..docs.advice import nothing
from ..docs.shown import LESS, SCRIPTS, SHOWN, with_less, workers
from ..processes import UNDER, Outcome, make_workplace, python_with_torch, run_in_fork

METHODS = multiprocessing.get_all_start_methods()

PICKLING = "forkserver" if "forkserver" in METHODS else "spawn"
"""The script is imported again and the dataset pickled under both. Workers of a server that has torch start at once."""
SPAWNED = {"optimization_guide/windows_compatibility": ("num_workers=4", "num_workers=1")}
"""Run so as well, with fewer workers, for each takes seconds to start: what it shows is about that."""

FEWER = {"optimization_guide/quick_benchmark": ("counts=(0, 2, 4, 8, 16), rounds=3", "counts=(0, 2), rounds=1")}
"""All of them would take minutes where workers import torch. All begin in its block, in tests/docs."""


LIBRARIES = "leave_dataloader/"
"""For the libraries beside DataLoader none claims that they work under another method."""
COUNTED = {name: told for name in SCRIPTS if (told := workers(name)) and not told.startswith("any: ")}


def test_each_script_that_starts_workers_says_how_many() -> None:
    starts = {
        name
        for name in SCRIPTS
        if "num_workers=" in code_of(name).replace("num_workers={", "") and not name.startswith(LIBRARIES)
    }
    nothing(
        {name for name in starts if not workers(name)},
        "say with how many workers its loaders begin, `# workers: 0, 2` above the shown part (tests/docs/shown.py):",
    )


@dataclass(frozen=True)
class Ran:
    """How a script ended, which files it left in its folder, and with how many workers its loaders began."""

    outcome: Outcome
    left: set[str]
    began: list[str]


CASES = [*((name, PICKLING) for name in COUNTED), *((name, "spawn") for name in SPAWNED if PICKLING != "spawn")]
BYTECODE = "__pycache__"
"""Python's own, of a tool beside the script."""
AT_ONCE = 3
"""Scripts: most of the time they wait, for items that sleep or for workers."""


@pytest.fixture(scope="module")
def runs(
    python: Preloaded | None, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[str, "Future[Ran]"]]:
    """Of each script that is asked for, by the test's name for it."""
    pythons: SimpleQueue[Preloaded | None] = SimpleQueue()
    pythons.put(python)

    def run(name: str, method: str, workplace: Path) -> Ran:
        file, noted = script(name, method, workplace), workplace / "workers"
        there = {path.name for path in workplace.iterdir()}
        free = pythons.get()
        try:
            outcome = run_in_fork(free, UNDER, method, file, cwd=workplace, LOCAL_WORLD_SIZE="1")
        finally:
            pythons.put(free)
        left = {path.name for path in workplace.iterdir()} - there - {noted.name, BYTECODE}
        return Ran(outcome, left, noted.read_text().split() if noted.exists() else [])

    with ExitStack() as stack, ThreadPoolExecutor(AT_ONCE) as pool:
        for _ in range(AT_ONCE - 1):
            pythons.put(stack.enter_context(contextmanager(python_with_torch)()))
        items = [item for item in request.session.items if not item.get_closest_marker("skip")]
        asked = {item.name.partition("[")[2].rstrip("]") for item in items}
        yield {
            f"{name}-{method}": pool.submit(run, name, method, make_workplace(tmp_path_factory.mktemp("run")))
            for name, method in CASES
            if f"{name}-{method}" in asked and not absent(name)
        }


@pytest.mark.parametrize(("name", "method"), CASES)
def test_script_under_a_method_that_pickles(runs: Mapping[str, "Future[Ran]"], name: str, method: str) -> None:
    if reason := absent(name):
        pytest.skip(reason)
    ran = runs[f"{name}-{method}"].result()
    expected = SHOWN.get(name, "")
    if name.endswith("/shared_memory"):  # meanwhile other tests give back some
        expected = expected.replace(r": \d", r": -?\d")
    said = as_it_should(ran.outcome, expected + r"\n?")
    assert said.groupdict().get("method", method) == method
    assert ran.left == set(), "the script leaves files behind"
    counts = [] if COUNTED[name] == "none" else COUNTED[name].split(", ")
    counts = counts if method == PICKLING else ["1"]
    assert {*counts} <= {*ran.began, "…"} if "…" in counts else ran.began == counts


def script(name: str, method: str, workplace: Path) -> Path:
    """The script itself; a copy beside the tools that it names; where it would take long, a copy that loads less."""
    original = path_of(name)
    code = original.read_text(encoding="utf-8")
    tools = tools_of(code)
    fewer = [FEWER[name]] if name in FEWER else [SPAWNED[name]] if method != PICKLING else []
    if name not in LESS and not tools and not fewer:
        return original
    for tool in tools:
        shutil.copy(tool, workplace)
    code = with_less(name, code)
    for every, some in fewer:
        assert code.count(every) == 1
        code = code.replace(every, some)
    copy = workplace / original.name
    copy.write_text(code, encoding="utf-8")
    return copy


def as_it_should(outcome: Outcome, expected: str) -> re.Match[str]:
    """What it printed, if it ran as it should."""
    assert outcome.code == 0, outcome.stderr
    assert "Traceback" not in outcome.errors, outcome.stderr
    assert not outcome.left, "processes outlived the script"
    said = re.fullmatch(expected, outcome.stdout)
    assert said, outcome.stdout
    return said
