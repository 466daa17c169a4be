"""How often each gate closed in many runs of `judge`, as `python -m tests.bench.gates` counted it."""

from dataclasses import dataclass
from pathlib import Path

from snippets.lab.paths import DOCS
from snippets.lab.store import ResultError, read_json

RATES = DOCS / "reference" / "gates.json"


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
        raise ResultError(f"{place}: {error}. Count again: python -m tests.bench.gates") from error
    return found
