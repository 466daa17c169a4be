"""How often each gate closed in many runs of `judge`, as `python -m tests.bench.gates` counted it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from click import ClickException

from snippets.lab import strict
from snippets.lab.figure import Table
from snippets.lab.gates import Gate
from snippets.lab.numbers import percent
from snippets.lab.paths import DOCS

RATES = DOCS / "reference" / "gates.json"
NOT_JUDGED = "not measured here"


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
    """By what else the machine did meanwhile: "idle", "busy". Raises ClickException, which MkDocs shows in one line."""
    place = path or RATES
    try:
        found: dict[str, Rates] = strict.build(dict[str, Rates], strict.load(place.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise ClickException(f"{place}: {error}. Count again: python -m tests.bench.gates") from error
    return found


def table() -> Table:
    """Shares of the verdicts."""
    counted = read()
    rows = [("Machine", *(f"{each.machine}, {each.day}" for each in counted.values()))]
    rows.append(("Runs", *(str(each.runs) for each in counted.values())))
    columns = [[*_shares(each)] for each in counted.values()]
    rows += [(name, *(column[at][1] for column in columns)) for at, (name, _) in enumerate(columns[0])]
    return Table(("", *(name.capitalize() for name in counted)), tuple(rows))


def _shares(counted: Rates) -> Iterator[tuple[str, str]]:
    judged = sum(number for verdict, number in counted.verdicts.items() if verdict != NOT_JUDGED)
    noisy = counted.verdicts.get("too noisy to tell", 0)
    yield "Verdicts", f"{judged:,}"
    for verdict in ("holds", "contradicted", "errored", "too noisy to tell"):
        yield verdict, percent(counted.verdicts.get(verdict, 0) / judged)
    for gate in get_args(Gate):
        yield f"– {gate} gate closed", percent(counted.closed.get(gate, 0) / judged)
    yield "– the interval contains the bound", percent((noisy - sum(counted.closed.values())) / judged)
