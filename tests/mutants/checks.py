"""Which checks see a file, cheapest first: each a command that must fail when the file is wrong."""

import re
import sys
from functools import cache
from pathlib import Path

from snippets.lab.catalog import experiment_names, measured_by
from snippets.lab.code import imported_modules
from snippets.lab.paths import ROOT

PYTEST = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
PROBE = [sys.executable, "-m", "tests.mutants.probe"]

GUIDES = ("optimization_guide", "helper_sprites")
PROOFS = [*PYTEST, *(f"tests/docs/test_{name}.py" for name in ("statements", "helper_sprites", "benchmarks"))]
"""Of what the guides say."""


def checks(file: Path) -> list[list[str]]:
    """`file` relative to the checkout, as in snippets/experiments/scaling/measure.py."""
    kind, folder, name = file.parts[1], file.parts[2], file.stem
    if kind == "experiments":
        own = f"tests/experiments/test_{folder}.py"  # what several experiments share has none
        told = [[*PYTEST, own]] if (ROOT / own).exists() else []
        told.append([*PYTEST, "tests/experiments", "tests/docs/test_claims.py", "tests/docs/test_bound.py"])
        if name in ("claims", "show", "rules", "regret"):
            return [*told, [*PROBE, "judge", folder.replace("_", "-")]]
        return [*told, PROOFS, [*PROBE, "measure", *_measuring(file)]]
    timed = [*PYTEST, "tests/snippets/test_timing.py"]
    measured = [*PROBE, "measure", *_measuring(file)]
    if folder in GUIDES:
        # What a mistake breaks, it breaks under each start method; spawn takes longest.
        once = ["-k", f"{name} and not spawn"]
        shown = [*PYTEST, "tests/docs/test_blocks.py", "tests/snippets/test_start_methods.py", *once]
        return [timed, shown, *_own(file), PROOFS, [*PYTEST, "tests/snippets/test_own_images.py"], measured]
    ran = [*PYTEST, "tests/snippets/test_start_methods.py", "tests/snippets/test_ranks.py"]
    counted = [*ran, "-k", f"{name} and (pickles or ranks)"]
    prints = [*PROBE, "prints", f"{folder}/{name}"]
    return [timed, prints, *_own(file), counted, measured, [*PYTEST, "tests/experiments"]]


def _own(file: Path) -> list[list[str]]:
    """The files of tests that name a snippet, but for those that run all of them."""
    named = re.compile(rf"\b{file.stem}\b")
    tests = sorted((ROOT / "tests" / "snippets").glob("test_*.py"))
    found = [f"tests/snippets/{path.name}" for path in tests if named.search(path.read_text(encoding="utf-8"))]
    rest = [each for each in found if Path(each).stem not in ("test_timing", "test_start_methods")]
    return [[*PYTEST, *rest]] if rest else []


def _measuring(file: Path) -> list[str]:
    """The experiments whose numbers depend on a file."""
    module = ".".join(file.with_suffix("").parts)
    return [name for name in experiment_names() if module in _measured_with(name)]


@cache
def _measured_with(name: str) -> set[str]:
    """All modules on which an experiment's numbers depend. Mistakes are made in a copy: these stay as they are."""
    return set().union(*map(imported_modules, measured_by(name, "short")))
