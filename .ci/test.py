"""Everything that CI checks, in CI's order. Arguments after `--` go to pytest.

.venv/bin/python .ci/test.py
.venv/bin/python .ci/test.py -- -k install
"""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from snippets.lab.machine.machine import this_machine

ROOT = Path(__file__).resolve().parents[1]
CI = os.environ.get("CI") == "true"
PROCESSES = max(2, int(this_machine().cores_usable) + 1)
"""Of pytest: tests wait for workers and for pages, so one for each core that may be used leaves cores idle."""

TYPES = ("basedpyright", "--pythonpath", sys.executable)
SYSTEMS = ("Linux", "Windows")
"""On each machine for both: what one of them has not is an error there. What macOS lacks, Windows lacks as well."""


@dataclass(frozen=True)
class Outcome:
    """How one stage ended: its exit code, and how long it took."""

    name: str
    code: int
    seconds: float

    def line(self) -> str:
        return f"{self.name:<14}{'ok' if self.code == 0 else 'FAILED':<8}{self.seconds:6.1f} s"


def stages(pytest_arguments: list[str]) -> dict[str, list[str]]:
    """Name and command of each stage. pytest comes last, so that its closing line stands near the end."""
    return {
        "ruff check": ["ruff", "check", "--no-cache", "."],
        "ruff format": ["ruff", "format", "--no-cache", "--check", "."],
        **{f"types {system}": [*TYPES, "--pythonplatform", system] for system in SYSTEMS},
        "codespell": ["codespell_lib"],
        "pytest": ["pytest", "-n", f"{PROCESSES}", "--dist", "loadfile", *pytest_arguments],
    }


def run(name: str, module_and_arguments: list[str]) -> Outcome:
    print(f"\n== {name}", flush=True)
    started = time.perf_counter()
    # In CI nobody can answer a question.
    stdin = subprocess.DEVNULL if CI else None
    code = subprocess.call([sys.executable, "-m", *module_and_arguments], cwd=ROOT, stdin=stdin)
    outcome = Outcome(name, code, time.perf_counter() - started)
    print(f"-- {outcome.line()}", flush=True)
    return outcome


def main(arguments: list[str]) -> int:
    if arguments and arguments[0] != "--":
        print(f"error: unknown argument {arguments[0]}; what is for pytest goes after --", file=sys.stderr)
        return 2
    try:
        outcomes = [run(name, command) for name, command in stages(arguments[1:]).items()]
    except KeyboardInterrupt:
        return 130
    print()
    for outcome in outcomes:
        print(outcome.line())
    return int(any(outcome.code for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
