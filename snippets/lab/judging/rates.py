"""How often each gate closed in many runs of `judge`: counted by `python -m snippets.lab rates` for the method page."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from snippets.lab.machine.machine import this_machine
from snippets.lab.paths import DOCS, IMAGES, ROOT, SNIPPETS
from snippets.lab.results.held import machine_words
from snippets.lab.store import ResultError, read_json, write_whole

RATES = DOCS / "reference" / "gates.json"
JUDGE = ("-m", "snippets.lab", "judge", "--again", "--json")
SPIN = "while True: pass"


@dataclass(frozen=True)
class Rates:
    """`runs` of `judge` on one `day`: how many verdicts there were of each kind, and how many of *too noisy to tell*
    were due to each gate.
    """

    runs: int
    day: str
    machine: str
    verdicts: dict[str, int]
    closed: dict[str, int]


def read(path: Path | None = None) -> dict[str, Rates]:
    """By what else the machine did meanwhile: "idle", "busy". Raises ResultError."""
    place = path or RATES
    try:
        found: dict[str, Rates] = read_json(dict[str, Rates], place)
    except (OSError, ValueError) as error:
        raise ResultError(f"{place}: {error}. Count again: python -m snippets.lab rates") from error
    return found


def count(load: str, runs: int) -> None:
    """Run `judge` so many times, "idle", or "busy": beside a busy process for each core. Raises ResultError.

    Each run measures everything anew, in a copy: a site must not show what was measured beside a busy process.
    """
    if runs < 1:
        raise ResultError(f"{runs} runs: at least one is needed")
    cores = max(1, int(this_machine().cores_usable))
    with tempfile.TemporaryDirectory(prefix="rates-") as folder, _neighbours(cores if load == "busy" else 0):
        for source in (SNIPPETS, DOCS, IMAGES):
            if source.exists():
                shutil.copytree(source, Path(folder) / source.relative_to(ROOT))
        claims = [*_judged(Path(folder), runs)]
    counted = {**(read() if RATES.exists() else {}), load: rates(claims)}
    idle_first = {name: asdict(counted[name]) for name in sorted(counted, reverse=True)}
    write_whole(RATES, json.dumps(idle_first, ensure_ascii=False, indent=1) + "\n")
    print(f"Wrote {RATES}.")


def rates(claims: Sequence[Sequence[dict[str, Any]]]) -> Rates:
    """Of the claims as `judge --json` gives them, run by run."""
    verdicts = Counter(claim["verdict"] for run in claims for claim in run)
    closed = Counter(claim["gate"] for run in claims for claim in run if claim["gate"])
    machine = machine_words(this_machine())
    return Rates(len(claims), date.today().isoformat(), machine, dict(verdicts), dict(sorted(closed.items())))


def _judged(copy: Path, runs: int) -> Iterator[list[dict[str, Any]]]:
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    for number in range(1, runs + 1):
        # A contradicted claim ends the command with 1, and is counted like any other.
        done = subprocess.run([sys.executable, *JUDGE], cwd=copy, env=environment, stdout=subprocess.PIPE, text=True)
        if not done.stdout:
            raise ResultError("nothing was judged (the reason stands above)")
        claims = json.loads(done.stdout)
        print(f"{number} of {runs}: {dict(Counter(claim['verdict'] for claim in claims))}", flush=True)
        yield claims


@contextmanager
def _neighbours(count: int) -> Iterator[None]:
    """So many busy processes."""
    processes = [subprocess.Popen([sys.executable, "-c", SPIN]) for _ in range(count)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()
