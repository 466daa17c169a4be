"""Break each snippet, experiment and claim on purpose, and see whether a check notices.

    python -m tests.mutants                      every file, up to 6 mistakes each: some hours
    python -m tests.mutants scaling --most 3     files whose path has "scaling" in it
    python -m tests.mutants --judging            the code that reads and judges, by cosmic-ray
                                                 (pip install cosmic-ray first): about as long

Works in a copy of this checkout. Ends with 1 if more than 5 % of the mistakes go unnoticed without a reason.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from snippets.lab.paths import SNIPPETS
from tests.checkout import ROOT, Checkout, checkout
from tests.docs import pages
from tests.mutants import judging
from tests.mutants.checks import checks
from tests.mutants.mutate import Mutant, mutants
from tests.mutants.survivors import REASONS

FOLDERS = sorted(f"pages/{folder}" for folder in {*pages.FOLDERS.values()} - {"errors", "leave_dataloader"}) + [
    "experiments"
]
"""Without what fails on purpose, and what needs libraries that are not always installed."""
LIMIT_S = 600
NO_TESTS = 5
"""pytest's exit code where no test has such a name."""
ENOUGH = 0.95


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("only", nargs="?", default="", help="part of a path")
    parser.add_argument("--most", type=int, default=6, help="mistakes per file (default 6)")
    parser.add_argument("--judging", action="store_true", help="the code that reads results and judges them")
    options = parser.parse_args()
    if options.judging and not judging.TOOL.exists():
        print("error: cosmic-ray is not installed: .venv/bin/python -m pip install cosmic-ray", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = checkout(Path(folder) / "checkout")
        if options.judging:
            survivors, total = judging.survivors(copy.root)
            unexplained = survivors
        else:
            survivors, total = _survivors(copy, options.only, options.most)
            unexplained = [line for line in survivors if line.endswith("NO REASON")]
    print("", *survivors, f"{total - len(survivors)} of {total} killed.", sep="\n")
    return int(len(unexplained) > (1 - ENOUGH) * total)


def _survivors(copy: Checkout, only: str, most: int) -> tuple[list[str], int]:
    """What no check noticed, with its reason; how many mistakes were made."""
    survivors, total = [], 0
    for path in sorted(path for folder in FOLDERS for path in (SNIPPETS / folder).rglob("*.py")):
        file = path.relative_to(ROOT)
        if only not in file.as_posix():
            continue
        for mutant in mutants(path.read_text(encoding="utf-8"), most, file.as_posix()):
            began = time.monotonic()
            killer = _killer(copy, file, mutant)
            name, took = f"{file}:{mutant.line} {mutant.what}", time.monotonic() - began
            print(f"{name}: {f'killed by {killer}' if killer else 'SURVIVED'} ({took:.0f} s)", flush=True)
            total += 1
            if killer is None:
                survivors.append(f"{name}: {REASONS.get((file.as_posix(), mutant.what, mutant.code), 'NO REASON')}")
    return survivors, total


def _killer(copy: Checkout, file: Path, mutant: Mutant) -> str | None:
    """The check that noticed, or None. A check that fails without the mistake as well has noticed nothing."""
    place = copy.root / file
    before = place.read_bytes()
    for command in checks(file):
        place.write_text(mutant.text, encoding="utf-8")
        try:
            passed = _passes(copy, command)
        finally:
            place.write_bytes(before)
        if not passed:
            if not _passes_unbroken(copy.root, tuple(command)):
                raise SystemExit(f"error: {' '.join(command)} fails without any mistake; mend that first")
            return " ".join(word for word in command if word.startswith("tests"))
    return None


def _passes(copy: Checkout, command: Sequence[str]) -> bool:
    # A file that changes twice in a second looks the same to Python's cache.
    environment = copy.environment(PYTHONDONTWRITEBYTECODE="1")
    try:
        ended = subprocess.run(command, cwd=copy.root, env=environment, capture_output=True, timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        return False
    return ended.returncode in (0, NO_TESTS)


@cache
def _passes_unbroken(root: Path, command: tuple[str, ...]) -> bool:
    return _passes(Checkout(root), command)


if __name__ == "__main__":
    sys.exit(main())
