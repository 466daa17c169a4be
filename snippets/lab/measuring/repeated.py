"""Many runs of `judge` in a row, each of which measures everything anew: how often does noise close a gate?"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from snippets.lab.judging import rates
from snippets.lab.machine.machine import this_machine
from snippets.lab.paths import DOCS, IMAGES, ROOT, SNIPPETS
from snippets.lab.store import ResultError

JUDGE = ("-m", "snippets.lab", "judge", "--again", "--json")
SPIN = "while True: pass"


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
    rates.add(load, claims)
    print(f"Wrote {rates.RATES}.")


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
