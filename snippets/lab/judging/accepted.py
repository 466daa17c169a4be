"""The last value with which each claim held: what a page may show, with its date, while a new one is too noisy."""

from dataclasses import dataclass
from pathlib import Path

from snippets.lab.numbers import MINUS, NBSP
from snippets.lab.results.contributed import unfit
from snippets.lab.store import ResultError, once_per_change, past_day, read_json, write_json

PRINTED = str.maketrans({NBSP: " ", MINUS: "-", "µ": "u"})
"""Signs that `numbers` prints and no result has."""
LESS_THAN = "< "
"""As `numbers` prints it before a size. Before a letter the sign would begin a tag."""


@dataclass(frozen=True)
class Accepted:
    """`said`, the median, and `interval`, both as the pages print them, with their unit; `day` as in 2026-11-21;
    `machine`: the name of the processor, or of the GPU, that gave it.
    """

    interval: str
    said: str
    day: str
    machine: str


@once_per_change
def read(path: Path) -> dict[str, Accepted]:
    """By claim; nothing where there is no file. Raises ResultError for a file that `write` did not write."""
    if not path.exists():
        return {}
    try:
        by_claim: dict[str, Accepted] = read_json(dict[str, Accepted], path)
        for last in by_claim.values():
            past_day(last.day)
            for text in (last.interval, last.said, last.machine):
                if fault := unfit(text.translate(PRINTED).replace(LESS_THAN, "")):
                    raise ValueError(f"a text {fault}")
        return by_claim
    except ValueError as error:  # what is not strict, not UTF-8, not a day, or no plain text
        raise ResultError(f"{path}: not a file of accepted values ({error}). Delete it.") from error


def write(accepted: dict[str, Accepted], path: Path) -> None:
    """Whole or not at all; raises OSError."""
    write_json(dict(sorted(accepted.items())), path)
