"""The sections of the troubleshooting pages: what heads them, and which snippet fails like that."""

from __future__ import annotations

import re
from dataclasses import dataclass

from snippets.lab.paths import DOCS

HEADING = re.compile(r"^## (?P<title>.+?) \{ #(?P<anchor>[\w-]+) \}$", re.MULTILINE)
REPRODUCED = 20
"""At least so many messages are reproduced on a machine without a GPU."""

VARIES = re.compile(r"\d+|…|'[\w.<>]+'")
"""Of a message: what is another number, name or file at each run."""


@dataclass(frozen=True)
class Section:
    page: str
    anchor: str
    title: str
    text: str

    @property
    def failing(self) -> str | None:
        """The first snippet that fails, where it says something when it does."""
        return next(iter(self.failures), None)

    @property
    def failures(self) -> list[str]:
        """The snippets that fail like this."""
        return re.findall(r"\]\(error:(errors/\w+)\)", self.text)


def sections() -> list[Section]:
    found = []
    for path in sorted((DOCS / "troubleshooting").glob("*.md")):
        page = path.relative_to(DOCS).as_posix()
        parts = HEADING.split(path.read_text(encoding="utf-8"))[1:]
        found += [Section(page, a, t, body) for t, a, body in zip(*[iter(parts)] * 3, strict=True)]
    return found


FAILING = {section.anchor: section for section in sections() if section.failing}
