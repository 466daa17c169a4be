"""Everything that CI checks, or what looks at one page of docs/. Arguments after `--` go to pytest.

.venv/bin/python .ci/test.py
.venv/bin/python .ci/test.py --page guides/optimization.md
.venv/bin/python .ci/test.py -- -k install
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from snippets.lab.machine.machine import this_machine
from snippets.lab.streams import replace_what_stdout_lacks

ROOT = Path(__file__).resolve().parents[1]
CI = os.environ.get("CI") == "true"
PROCESSES = int(max(1, this_machine().cores_usable)) + 1
"""Of pytest: tests wait for workers and for pages, so one for each core that may be used leaves it idle at times. Two
more would only take turns: with one more both cores are busy."""

TYPES = ("pyrefly", "check", "--python-interpreter-path", sys.executable, "--threads", "1", "--python-platform")
READING = {
    "ruff check": ("ruff", "check", "--no-cache", "."),
    # Windows has a code page where none is named. Of ruff's rules this one is in preview alone.
    "encodings": ("ruff", "check", "--no-cache", "--preview", "--select", "PLW1514", ".ci", "tests"),
    "ruff format": ("ruff", "format", "--no-cache", "--check", "."),
    # On each machine for all systems. Linux has what the others lack, so `type: ignore` does not count there; Windows
    # lacks most, so each of these has to be of use there.
    "types Windows": (*TYPES, "win32", "--error", "unused-type-ignore"),
    "types Linux": (*TYPES, "linux", "--enabled-ignores", "pyrefly"),
    "types Darwin": (*TYPES, "darwin"),
    "codespell": ("codespell_lib",),
}
"""What only reads, on one core each: all at once, and before pytest, whose first test may wait for a measurement."""
OF_A_PAGE = ("ruff check", "ruff format", "codespell")

PYTEST = (
    *("pytest", "-n", str(PROCESSES)),
    # A file's fixtures build sites and copies of this project: in one process, once. Which first: tests/conftest.py.
    *("--dist", "loadfile", "--no-loadscope-reorder"),
    *("--junitxml", ".cache/tests.xml", *(("--durations", "15") if CI else ())),
)

PYTEST_OF_A_PAGE = (
    *("pytest", "-n", str(PROCESSES), "--dist", "loadfile"),
    *("tests/docs", "tests/snippets"),
    "tests/browser/test_pages.py",
)


@dataclass(frozen=True)
class Outcome:
    """How one stage ended: its exit code, how many seconds it took, and what it said, if that was kept."""

    name: str
    code: int
    seconds: float
    text: str = ""

    def line(self) -> str:
        return f"{self.name:<14}{'ok' if self.code == 0 else 'FAILED':<8}{self.seconds:6.1f} s"


def run(name: str, module_and_arguments: tuple[str, ...], keep: bool) -> Outcome:
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", *module_and_arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL if keep or CI else None,  # in CI nobody can answer a question
        stdout=subprocess.PIPE if keep else None,
        stderr=subprocess.STDOUT if keep else None,
        env={**os.environ, **({"PYTHONUTF8": "1"} if keep else {})},
        encoding="utf-8",
        errors="replace",
    )
    return Outcome(name, done.returncode, time.perf_counter() - started, done.stdout or "")


def read(stages: Mapping[str, tuple[str, ...]]) -> list[Outcome]:
    """The stages that only read, each one's words whole and in order."""
    outcomes = []
    with ThreadPoolExecutor(len(stages)) as pool:
        for outcome in pool.map(lambda name: run(name, stages[name], keep=True), stages):
            print(f"\n== {outcome.name}\n{outcome.text}-- {outcome.line()}", flush=True)
            outcomes.append(outcome)
    return outcomes


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog=".ci/test.py", description=__doc__)
    parser.add_argument("--page", help="only what looks at this page of docs/")
    parser.add_argument("pytest", nargs="*", help="arguments of pytest, after --")
    options = parser.parse_args(arguments)
    stages, tests = READING, PYTEST
    if options.page is not None:
        page = options.page.removeprefix("docs/")
        if not (ROOT / "docs" / page).is_file():
            parser.error(f"no page docs/{page}; name one as in --page guides/optimization.md")
        stages = {name: READING[name] for name in OF_A_PAGE} | {"to read aloud": ("tests.docs.readability", page)}
        tests = (*PYTEST_OF_A_PAGE, "--page", page)
    try:
        outcomes = read(stages)
        print("\n== pytest", flush=True)
        outcomes.append(run("pytest", (*tests, *options.pytest), keep=False))
    except KeyboardInterrupt:
        return 130
    print("", *(outcome.line() for outcome in outcomes), sep="\n")
    return int(any(outcome.code for outcome in outcomes))


if __name__ == "__main__":
    replace_what_stdout_lacks()
    sys.exit(main(sys.argv[1:]))
