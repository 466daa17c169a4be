"""Which lines of a page are blocks of code.

A fence may be indented, in a list item, an admonition (`!!!`) or a tab (`===`): the dialect of Python-Markdown, which
no parser of CommonMark reads.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Literal

FENCE = re.compile(r"\s*(`{3,}|~{3,})")

Kind = Literal["text", "opening", "code", "closing"]
"""Of a line: outside of blocks, the fence that opens one, within it, the fence that closes it."""


def with_kinds(lines: Iterable[str]) -> Iterator[tuple[str, Kind]]:
    """Each line with its kind. A block ends with its fence, alone on a line, or with the page."""
    fence = ""
    for line in lines:
        if not fence:
            match = FENCE.match(line)
            fence = match[1] if match else ""
            yield line, "opening" if match else "text"
        elif line.strip() != fence:
            yield line, "code"
        else:
            fence = ""
            yield line, "closing"
