"""What people type who look for a section: docs/asked.toml. The search finds a section by these lines, too, and shows
them beside the words of the page, which need not say everything in everybody's words.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from snippets.lab.paths import DOCS
from snippets.lab.store import once_per_change
from snippets.lab.unseen import unseen

FILE = DOCS / "asked.toml"
TOP = "top"
"""The name of what stands above a page's first section."""

Asked = Mapping[str, Mapping[str, list[str]]]
"""Lines, by file in docs/ and by section's id."""
Entry = Mapping[str, Any]
"""Of the search's index: `location` is the address of a section, `text` its words as HTML."""


class AskedError(Exception):
    """docs/asked.toml is wrong; one line says where."""


@once_per_change
def read(path: Path) -> Asked:
    """Raises AskedError, and OSError."""
    try:
        by_page = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise AskedError(f"{path.name}: {error}") from error
    for problem in _problems(by_page):
        raise AskedError(f"{path.name}: {problem}")
    return by_page


def _problems(by_page: Mapping[str, Any]) -> Iterator[str]:
    places: dict[str, str] = {}
    for page, sections in by_page.items():
        if not isinstance(sections, Mapping) or not (DOCS / page).is_file():
            yield f'["{page[:60]}"] is no page; name one as in ["troubleshooting/slow.md"]'
            return
        for section, lines in sections.items():
            place = f"{page}#{section}"
            if not isinstance(lines, list) or not all(isinstance(line, str) and line.strip() for line in lines):
                yield f"{place} has no list of lines, as in {section} = ['it hangs', 'it is slow']"
                return
            for line in lines:
                if signs := unseen(line):
                    yield f"{place} has a character that nobody sees: {ascii(min(signs))}. Take it out"
                if line in places:
                    yield f"{line!r} leads to {places[line]} and to {place}. It can lead to one"
                places[line] = place


def with_asked(page: str, entries: Iterable[Entry], by_page: Asked) -> list[Entry]:
    """The entries of a page (its file in docs/), each with the lines that lead to it. A section that the page leaves
    out, as of a machine that is not there, has no entry.
    """
    sections = by_page.get(page, {})

    def one(entry: Entry) -> Entry:
        lines = sections.get(entry["location"].partition("#")[2] or TOP, [])
        return {**entry, "text": entry["text"] + "".join(f"<p>{escape(line, quote=False)}</p>" for line in lines)}

    return [one(entry) for entry in entries]
