"""What people wrote in public who came with a symptom, and the section that answers them: reports.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FILE = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True)
class Report:
    """`pasted` and `asked` are what one would give to a search; "" where the report has no such line.

    `answer` is the address of a section, relative to the site; `also`: of others that serve this person as well.
    """

    source: str
    answer: str
    also: list[str] = field(default_factory=list)
    pasted: str = ""
    asked: str = ""

    def lines(self) -> list[str]:
        return [line for line in (self.pasted, self.asked) if line]


def reports() -> Iterator[Report]:
    for entry in tomllib.loads(FILE.read_text(encoding="utf-8"))["report"]:
        yield Report(**entry)
