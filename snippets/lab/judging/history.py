"""Verdicts from one published site to the next: the last decision on each claim, and those that differed from the last.

What is too noisy to tell, or not measured here, decides nothing: a claim keeps its last decision, or a noisy day would
be news.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from snippets.lab.judging.accepted import LESS_THAN, PRINTED
from snippets.lab.judging.rulings import Ruling
from snippets.lab.judging.verdict import Verdict
from snippets.lab.results.contributed import unfit
from snippets.lab.store import ResultError, past_day, read_json, write_json

Decided = Literal["holds", "contradicted"]
MOST_MOVES = 200
"""The oldest are forgotten."""


@dataclass(frozen=True)
class Move:
    """A claim that was decided otherwise before; `was` is None for one that is new. `said`: its value now, with the
    interval. `torch`: the version that it was measured with; `day`, as in 2026-11-21, when it was noticed.
    """

    claim: str
    was: Decided | None
    now: Decided
    said: str
    torch: str
    day: str


@dataclass(frozen=True)
class History:
    """`decisions`: by claim; `moves`: the latest first."""

    decisions: dict[str, Decided]
    moves: list[Move]


def read(path: Path) -> History:
    """An empty one where there is no file. Raises ResultError for a file that `write` did not write."""
    if not path.exists():
        return History({}, [])
    try:
        history: History = read_json(History, path)
        for move in history.moves:
            past_day(move.day)
        for text in (
            *history.decisions,
            *(text for move in history.moves for text in (move.claim, move.said, move.torch)),
        ):
            if fault := unfit(text.translate(PRINTED).replace(LESS_THAN, "")):
                raise ValueError(f"a text {fault}")
        return history
    except ValueError as error:  # what is not strict, not UTF-8, not a day, or no plain text
        raise ResultError(f"{path}: not a file of decisions ({error}). Delete it.") from error


def write(history: History, path: Path) -> None:
    """Whole or not at all; raises OSError."""
    write_json(history, path)


def go_on(before: History, rulings: Iterable[Ruling], today: date) -> History:
    """The history with what these verdicts decide. The first of all has no moves: everything would be new."""
    decisions, moves = dict(before.decisions), []
    for ruling in rulings:
        verdict = ruling.judgement.verdict
        if verdict not in (Verdict.HOLDS, Verdict.CONTRADICTED):
            continue
        now: Decided = "holds" if verdict == Verdict.HOLDS else "contradicted"
        was = decisions.get(ruling.claim.id)
        if before.decisions and was != now:
            torch = ruling.results.software.torch
            moves.append(Move(ruling.claim.id, was, now, ruling.interval, torch, today.isoformat()))
        decisions[ruling.claim.id] = now
    return History(dict(sorted(decisions.items())), [*moves, *before.moves][:MOST_MOVES])
