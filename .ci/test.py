"""Everything that CI checks. Arguments after `--` go to pytest.

.venv/bin/python .ci/test.py
.venv/bin/python .ci/test.py -- -k install
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from snippets.lab.machine.machine import this_machine

ROOT = Path(__file__).resolve().parents[1]
CI = os.environ.get("CI") == "true"
PROCESSES = max(2, int(this_machine().cores_usable) + 1)
"""Of pytest: tests wait for workers and for pages, so one for each core that may be used leaves cores idle."""

TYPES = ("basedpyright", "--pythonpath", sys.executable, "--pythonplatform")
READING = {
    "ruff check": ("ruff", "check", "--no-cache", "."),
    "ruff format": ("ruff", "format", "--no-cache", "--check", "."),
    # On each machine for both: what one of them has not is an error there. What macOS lacks, Windows lacks as well.
    "types Linux": (*TYPES, "Linux"),
    "types Windows": (*TYPES, "Windows"),
    "codespell": ("codespell_lib",),
}
"""What only reads, on one core each: all at once, and before pytest, whose first test may wait for a measurement."""

PYTEST = (
    *("pytest", "-n", str(PROCESSES)),
    # A file's fixtures build sites and copies of this project: in one process, once.
    *("--dist", "loadfile"),
    *("--junitxml", ".cache/tests.xml", *(("--durations", "15") if CI else ())),
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
        text=True,
    )
    return Outcome(name, done.returncode, time.perf_counter() - started, done.stdout or "")


def read() -> list[Outcome]:
    """The stages that only read, each one's words whole and in order."""
    outcomes = []
    with ThreadPoolExecutor(len(READING)) as pool:
        for outcome in pool.map(lambda name: run(name, READING[name], keep=True), READING):
            print(f"\n== {outcome.name}\n{outcome.text}-- {outcome.line()}", flush=True)
            outcomes.append(outcome)
    return outcomes


def main(arguments: list[str]) -> int:
    if arguments and arguments[0] != "--":
        print(f"error: unknown argument {arguments[0]}; what is for pytest goes after --", file=sys.stderr)
        return 2
    try:
        outcomes = read()
        print("\n== pytest", flush=True)
        outcomes.append(run("pytest", (*PYTEST, *arguments[1:]), keep=False))
    except KeyboardInterrupt:
        return 130
    print("", *(outcome.line() for outcome in outcomes), sep="\n")
    return int(any(outcome.code for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
