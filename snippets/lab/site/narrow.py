"""What a page needs on a narrow screen."""

import re

CELL = re.compile(r"<td\b.*?</td>", re.DOTALL)
NAME = re.compile(r"<code>[^<]*</code>")
BETWEEN_WORDS = re.compile(r"(?<=[^\W_])_(?=[^\W_])")


def breakable(content: str) -> str:
    """The content of a page (HTML) in which a name in a table may be broken where its words meet: `num_workers` in a
    narrow column would else end with an s in a line of its own.
    """
    return CELL.sub(lambda cell: NAME.sub(lambda name: BETWEEN_WORDS.sub("_<wbr>", name[0]), cell[0]), content)
