"""Parts of a page that speak of one experiment alone, and are not there while it is not measured.

    ### On a GPU { data-needs="cuda-overlap" }

The heading goes with all that stands below it, up to the next heading of its level or above. Of several names, one that
is measured is enough. At the end of a list item, a table row or a paragraph of one line it takes that with it. This is
done to the Markdown, so that neither the table of contents nor the search index nor who quotes the page knows of it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from snippets.lab.markdown.fences import with_kinds
from snippets.lab.markdown.shown import UnknownName, shown

HEADING = re.compile(r" *(?P<marks>#{1,6})\s")
NEEDS = re.compile(r"(?P<before>\{:?[^{}\n]*?)\s*\bdata-needs=\"(?P<names>[^\"\n]*)\"(?P<after>[^{}\n]*\})\s*$")
EMPTY = re.compile(r"\s*\{:?\s*\}$")
CODE = re.compile(r"`[^`]*`")
BELOW_ALL_HEADINGS = 7

Names = tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """A line of a page without its `data-needs`. `needs`: for each part that the line is in, the experiments of which
    one must be measured. `is_code`: it belongs to a block of code, as its fences do.
    """

    text: str
    needs: tuple[Names, ...]
    is_code: bool


@dataclass(frozen=True)
class _Part:
    """What needs one of the experiments `names`. `level`: of its heading, or BELOW_ALL_HEADINGS. `indent`: of its first
    line, in characters.
    """

    names: Names
    level: int
    indent: int

    def goes_on(self, indent: int, level: int) -> bool:
        """Whether a line of so much indent, a heading of that level or none, still belongs to it."""
        return indent > self.indent or (indent == self.indent and self.level < level)


def lines(text: Sequence[str]) -> Iterator[Line]:
    """A page line by line. Raises UnknownName where somebody meant to say what a part needs, and did not."""
    parts: list[_Part] = []
    for line, kind in with_kinds(text):
        if line.strip() and kind in ("text", "opening"):
            indent, heading = len(line) - len(line.lstrip()), HEADING.match(line)
            level = len(heading["marks"]) if heading else BELOW_ALL_HEADINGS
            parts = [part for part in parts if part.goes_on(indent, level)]
            if match := NEEDS.search(line):
                parts.append(_Part(tuple(match["names"].split()) or ("",), level, indent))
                line = EMPTY.sub("", NEEDS.sub(r"\g<before>\g<after>", line))
            if "data-needs" in CODE.sub("", line):
                raise UnknownName(f'not the end of a heading with {{ data-needs="an-experiment" }}: {line.strip()}')
        yield Line(line, tuple(part.names for part in parts), kind != "text")


def are_met(needs: Sequence[Names]) -> bool:
    """Whether of each group one experiment is measured. Raises UnknownName for a name that is none."""
    # A list, so that every name is looked up.
    groups = [[shown(name).is_measured for name in names] for names in needs]
    return all(any(group) for group in groups)


def present(text: Sequence[str]) -> list[str]:
    """The lines of a page that are there, by what is measured."""
    return [line.text for line in lines(text) if are_met(line.needs)]
