"""How often does each gate close? Writes what the method page shows.

    python -m tests.bench.gates idle 20     twenty runs of `judge` in a row: about an hour, on an idle machine
    python -m tests.bench.gates busy 3      the same with a busy process on each core

Each run measures everything anew, in a copy of this checkout.
"""

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from snippets.lab.judging.rates import RATES, Rates, read
from snippets.lab.machine.machine import this_machine
from snippets.lab.results.held import machine_words
from snippets.lab.store import write_whole

from ..checkout import Checkout, checkout

JUDGE = ("-m", "snippets.lab", "judge", "--again", "--json")
SPIN = "while True: pass"


def main(arguments: list[str]) -> int:
    kinds = ("idle", "busy")
    if len(arguments) != 2 or arguments[0] not in kinds or not arguments[1].isdecimal() or arguments[1] == "0":
        print(__doc__, file=sys.stderr)
        return 2
    kind, runs, cores = arguments[0], int(arguments[1]), max(1, int(this_machine().cores_usable))
    with tempfile.TemporaryDirectory(prefix="gates-") as folder, neighbours(cores if kind == "busy" else 0):
        found = [*judged(checkout(Path(folder) / "checkout"), runs)]
    keep(kind, found)
    return 0


def judged(copy: Checkout, runs: int) -> Iterator[list[dict[str, Any]]]:
    """The claims with their verdicts, run by run."""
    for number in range(1, runs + 1):
        # A contradicted claim ends the command with 1, and is counted like any other.
        done = subprocess.run(
            [sys.executable, *JUDGE], cwd=copy.root, env=copy.environment(), stdout=subprocess.PIPE, text=True
        )
        if not done.stdout:
            raise SystemExit("error: nothing was judged (the reason stands above)")
        claims = json.loads(done.stdout)
        print(f"{number} of {runs}: {dict(Counter(each['verdict'] for each in claims))}", flush=True)
        yield claims


def keep(kind: str, found: list[list[dict[str, Any]]]) -> None:
    counted = {**(read() if RATES.exists() else {}), kind: rates(found)}
    order = sorted(counted, reverse=True)  # idle, busy
    held = {each: asdict(counted[each]) for each in order}
    write_whole(RATES, json.dumps(held, ensure_ascii=False, indent=1) + "\n")
    print(f"Wrote {RATES}.")


def rates(found: list[list[dict[str, Any]]]) -> Rates:
    claims = [claim for run in found for claim in run]
    verdicts = Counter(claim["verdict"] for claim in claims)
    closed = Counter(claim["gate"] for claim in claims if claim["gate"])
    return Rates(
        len(found),
        date.today().isoformat(),
        machine_words(this_machine()),
        dict(verdicts),
        dict(sorted(closed.items())),
    )


@contextmanager
def neighbours(count: int | None) -> Iterator[None]:
    """So many busy processes."""
    running = [subprocess.Popen([sys.executable, "-c", SPIN]) for _ in range(count or 0)]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
