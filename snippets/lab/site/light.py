"""What a page need not carry: elements that look like what is around them, and a file for each of its styles."""

import re
from pathlib import Path

LIKE_ITS_BLOCK = re.compile(r'<span class="[nopw]">([^<]*)</span>')
"""In a block of code, as Pygments marks them: a name, an operator, punctuation or a space; all look like code."""
STYLES = "assets/styles.css"


def lighten(content: str) -> str:
    """The content of a page (HTML) without two thirds of the elements of its code."""
    return LIKE_ITS_BLOCK.sub(r"\1", content)


def together(docs: Path, styles: list[str]) -> str:
    """The style sheets of the site, in their order, as one."""
    return "\n".join((docs / style).read_text(encoding="utf-8") for style in styles)
