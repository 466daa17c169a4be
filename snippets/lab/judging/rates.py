"""How often each gate closed in many runs of `judge`: counted by `python -m snippets.lab rates` for the method page."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from snippets.lab.machine.machine import this_machine
from snippets.lab.paths import DOCS
from snippets.lab.results.held import machine_words
from snippets.lab.store import ResultError, read_json, write_json

RATES = DOCS / "reference" / "gates.json"


@dataclass(frozen=True)
class Rates:
    """`runs` of `judge` on one `day`. `verdicts`: how many there were, by their word. `closed`: how many of *too noisy
    to tell* were due to each gate, by its name.
    """

    runs: int
    day: str
    machine: str
    verdicts: dict[str, int]
    closed: dict[str, int]

    @property
    def claims(self) -> int:
        """There were so many on that day: each run gave each of them a verdict."""
        return sum(self.verdicts.values()) // self.runs


def read(path: Path | None = None) -> dict[str, Rates]:
    """By what else the machine did meanwhile: "idle", "busy". Raises ResultError."""
    place = path or RATES
    try:
        rates: dict[str, Rates] = read_json(dict[str, Rates], place)
    except (OSError, ValueError) as error:
        raise ResultError(f"{place}: {error}. Count again: python -m snippets.lab rates") from error
    return rates


def add(load: str, claims: Sequence[Sequence[dict[str, Any]]]) -> None:
    """Keep what was counted under this load, beside what was under others."""
    by_load = {**(read() if RATES.exists() else {}), load: rates(claims)}
    write_json({name: by_load[name] for name in sorted(by_load, reverse=True)}, RATES)


def rates(claims: Sequence[Sequence[dict[str, Any]]]) -> Rates:
    """Of the claims as `judge --json` gives them, run by run."""
    verdicts = Counter(claim["verdict"] for run in claims for claim in run)
    closed = Counter(claim["gate"] for run in claims for claim in run if claim["gate"])
    machine = machine_words(this_machine())
    return Rates(len(claims), date.today().isoformat(), machine, dict(verdicts), dict(sorted(closed.items())))
