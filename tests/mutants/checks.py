"""Which checks see a file, cheapest first: each a command that must fail when the file is wrong."""

import sys
from pathlib import Path

from snippets.lab.catalog import experiment_names, measuring_module
from snippets.lab.code import imported_modules

PYTEST = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
PASS = [sys.executable, "-m", "tests.mutants.one_pass"]
RUN = [sys.executable, "-m", "tests.mutants.shown"]

GUIDES = {"optimization_guide": "test_optimization_guide.py", "helper_sprites": "test_helper_sprites.py"}


def checks(file: Path) -> list[list[str]]:
    """`file` relative to the checkout, as in snippets/experiments/scaling/measure.py."""
    folder, name = file.parts[2], file.stem
    timed = [*PYTEST, "tests/snippets/test_timing.py"]
    if folder in GUIDES:
        # What a mistake breaks, it breaks under each start method; spawn takes longest.
        once = f"{name} and not spawn"
        shown = [*PYTEST, "tests/docs/test_blocks.py", "tests/snippets/test_start_methods.py", "-k", once]
        page = [*PYTEST, f"tests/docs/{GUIDES[folder]}"]
        return [timed, shown, page, [*PYTEST, "tests/snippets/test_own_images.py"], [*PASS, *measuring(file)]]
    if file.parts[1] != "experiments":
        ran = ["tests/snippets/test_start_methods.py", "tests/snippets/test_ranks.py"]
        counted = [*PYTEST, *ran, "-k", f"{name} and (pickles or ranks)"]
        return [timed, [*RUN, f"{folder}/{name}"], counted, [*PASS, *measuring(file)], [*PYTEST, "tests/experiments"]]
    experiment = file.parts[2].replace("_", "-")
    told = [*PYTEST, "tests/experiments", "tests/docs/test_claims.py", "tests/docs/test_bound.py"]
    if name in ("claims", "show", "rules", "regret"):
        return [told, [*PASS, "--held", experiment]]
    return [told, [*PYTEST, *(f"tests/docs/{test}" for test in GUIDES.values())], [*PASS, *measuring(file)]]


def measuring(file: Path) -> list[str]:
    """The experiments whose numbers depend on a file."""
    module = ".".join(file.with_suffix("").parts)
    return [name for name in experiment_names() if module in imported_modules(measuring_module(name))]
