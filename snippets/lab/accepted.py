"""The last value with which each claim held: what a page may show, with its date, while a new one is too noisy."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from snippets.lab import strict
from snippets.lab.files import write_whole
from snippets.lab.results import ResultError


@dataclass(frozen=True)
class Accepted:
    """`said` and `interval` as the pages print them; `day` as in 2026-11-21."""

    interval: str
    said: str
    day: str
    machine: str


def read(path: Path) -> dict[str, Accepted]:
    """By claim; nothing where there is no file. Raises ResultError for a file that `write` did not write."""
    if not path.exists():
        return {}
    try:
        return strict.build(dict[str, Accepted], strict.load(path.read_text(encoding="utf-8")))
    except (strict.StrictError, UnicodeDecodeError) as error:
        raise ResultError(f"{path}: not a file of accepted values ({error}). Delete it.") from error


def write(accepted: dict[str, Accepted], path: Path) -> None:
    """Whole or not at all; raises OSError."""
    held = {claim: asdict(each) for claim, each in sorted(accepted.items())}
    write_whole(path, json.dumps(held, allow_nan=False, ensure_ascii=False, indent=1) + "\n")
