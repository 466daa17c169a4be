"""Everything measured, run, judged and built anew as on other systems, each in a copy of this checkout, and a table.

.venv/bin/python -m tests.elsewhere
.venv/bin/python -m tests.elsewhere windows

The copies, with their results and sites, stay in .cache/elsewhere until the next call.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from ..checkout import ROOT, Checkout, checkout, with_carriage_returns

SYSTEMS = {
    "forkserver": {"START_METHOD": "forkserver"},
    "spawn": {"START_METHOD": "spawn"},
    "macos": {"WITHOUT": "macos"},
    "windows": {"WITHOUT": "windows"},
}
FOLDER = ROOT / ".cache" / "elsewhere"
BLOCKS = "tests/docs/test_blocks.py"
WRONG = ("contradicted", "errored")
VERDICTS = ("holds", "too noisy to tell", "not measured here", *WRONG)
JUDGED = """
import json
from snippets.lab.markdown.verdicts import rulings
print(json.dumps([[ruling.claim.id, str(ruling.judgement.verdict), ruling.judgement.reason] for ruling in rulings()]))
"""
HEAD = (
    *("", "hold", "too noisy", "not here", "contradicted", "errored", "snippets run", "not run"),
    *("blocks run", "failed", "seconds", ""),
)


@dataclass(frozen=True)
class Outcome:
    """How a build elsewhere ended. `claims`: by verdict. `snippets`: how many ran, and how many cannot there. `blocks`,
    whose output no page shows: how many ran, and how many of these failed. `seconds`: of the build.
    """

    name: str
    built: bool
    claims: Counter[str]
    snippets: tuple[int, int]
    blocks: tuple[int, int]
    seconds: float

    @property
    def well(self) -> bool:
        ran, failed = self.blocks
        return self.built and not any(self.claims[verdict] for verdict in WRONG) and ran > 0 and not failed

    def row(self) -> tuple[str, ...]:
        counts = [self.claims[verdict] for verdict in VERDICTS]
        ending = "ok" if self.well else "FAILED"
        return (self.name, *map(str, (*counts, *self.snippets, *self.blocks)), f"{self.seconds:.0f}", ending)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.elsewhere", description=__doc__)
    parser.add_argument(
        "systems", nargs="*", metavar="SYSTEM", help=f"of {', '.join(SYSTEMS)}; all where none is named"
    )
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.systems if name not in SYSTEMS]:
        parser.error(f"no system {unknown[0]!r}; there are: {', '.join(SYSTEMS)}")
    if sys.platform != "linux":
        print(
            "error: other systems are stood in for on Linux; on this one, make site is the real thing", file=sys.stderr
        )
        return 1
    try:
        outcomes = [build(name) for name in options.systems or SYSTEMS]
    except KeyboardInterrupt:
        return 130
    print()
    print_table([HEAD, *(outcome.row() for outcome in outcomes)])  # type: ignore  (Linux)
    return int(not all(outcome.well for outcome in outcomes))


def build(name: str) -> Outcome:
    """From nothing but the sources and the images: no result, no output and no drawing is there."""
    print(f"\n== {name}", flush=True)
    shutil.rmtree(FOLDER / name, ignore_errors=True)
    copy = copied(FOLDER / name, name)
    began = time.monotonic()
    built = subprocess.run(
        [sys.executable, "-m", "snippets.lab", "site"],
        cwd=copy.root,
        env=environment(copy, name),
        stdin=subprocess.DEVNULL,
    )
    seconds = time.monotonic() - began
    return Outcome(name, built.returncode == 0, judged(copy, name), snippets(copy.root), blocks(copy, name), seconds)


def copied(target: Path, name: str, source: Path = ROOT) -> Checkout:
    """The sources and the images alone; on Windows, with the line ends that an editor there may leave."""
    copy = checkout(target, source)
    shutil.rmtree(copy.root / ".cache", ignore_errors=True)
    if name == "windows":
        with_carriage_returns(copy.root)
    return copy


def environment(copy: Checkout, name: str) -> dict[str, str]:
    path = os.pathsep.join(map(str, (copy.root, copy.root / "tests" / "elsewhere")))
    return copy.environment(**{**SYSTEMS[name], "PYTHONPATH": path})


def judged(copy: Checkout, name: str) -> Counter[str]:
    """Claims by verdict; none where nothing was measured."""
    asked = subprocess.run(
        [sys.executable, "-c", JUDGED], cwd=copy.root, env=environment(copy, name), stdout=subprocess.PIPE
    )
    rulings = json.loads(asked.stdout) if asked.returncode == 0 else []
    for claim, verdict, reason in rulings:
        if verdict in WRONG:
            print(f"{name}: {claim} {verdict} {reason}".rstrip())
    return Counter(verdict for _, verdict, _ in rulings)


def snippets(root: Path) -> tuple[int, int]:
    """How many ran, and how many cannot run there."""
    path = root / ".cache" / "outputs.json"
    outputs = json.loads(path.read_text(encoding="utf-8")).values() if path.exists() else []
    absent = sum(bool(output["absent"]) for output in outputs)
    return len(outputs) - absent, absent


def blocks(copy: Checkout, name: str) -> tuple[int, int]:
    """How many ran, and how many of these failed; none where pytest could not begin."""
    report = copy.root / ".cache" / "blocks.xml"
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", BLOCKS],
        cwd=copy.root,
        env=environment(copy, name),
        stdin=subprocess.DEVNULL,
    )
    suite = ElementTree.parse(report).find("testsuite") if report.exists() else None
    if suite is None:
        return 0, 0
    tests, skipped, *failed = (int(suite.attrib[each]) for each in ("tests", "skipped", "failures", "errors"))
    return tests - skipped, sum(failed)


def print_table(rows: list[tuple[str, ...]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *others in rows:
        cells = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
        print("  ".join([first.ljust(widths[0]), *cells]).rstrip())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
