"""The words of a link: with the values that were measured, or others where a value is missing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from snippets.lab.machine.machine import Machine

PLACE = re.compile(r"\{(\w+)\}")
HOLE = re.compile(r"^\{\w+\}\s*|\s*\{\w+\}")


@dataclass(frozen=True)
class Wording:
    """What a page can say of a claim or an experiment. `values`: by name, as pages print them, "" for one that this
    system cannot have; None where nothing is measured. `behind`: what stands behind the words, in brackets: whose
    values these are or of which day, if not this build's.
    """

    values: Mapping[str, str] | None
    behind: str = ""

    def all_of(self, words: str) -> Mapping[str, str] | None:
        """The values, if all are there that have a place in the words."""
        missing = self.values is not None and any(self.values.get(name) == "" for name in PLACE.findall(words))
        return None if missing else self.values

    def of(self, words: str, second: str | None) -> str:
        """The words of a link as they are read: with the values, or the `second` wording, if one is missing."""
        values = self.all_of(words)
        return worded(words, second, values) + (f" ({self.behind})" if self.behind and values else "")


def on(machine: Machine) -> str:
    """`on NVIDIA H100`: what another machine than this build's is called."""
    return f"on {machine.gpu or machine.cpu}"


def another(machine: Machine, day: str) -> str:
    """`on NVIDIA H100, 2026-11-21`: whose value it is, where another machine than this build's measured it."""
    return where_and_when(machine.gpu or machine.cpu, day)


def where_and_when(machine: str, day: str) -> str:
    """`on NVIDIA H100, 2026-11-21`: of a value that is not of this build."""
    return f"on {machine}, {day}"


def worded(words: str, second: str | None, values: Mapping[str, str] | None) -> str:
    """`words` with the values; where these are None, the `second` wording, or else the words without the places of
    values. Raises KeyError for a value that is not among them.
    """
    if values is None:
        return second or HOLE.sub("", words)
    return PLACE.sub(lambda place: values[place[1]], words)
