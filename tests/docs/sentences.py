"""A test names the sentences of the pages that it proves, so that neither changes without the other."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar

from snippets.lab.markdown.sentences import LINK

Test = TypeVar("Test", bound=Callable[..., object])

STATEMENTS: dict[str, list[str]] = defaultdict(list)
"""By page: words of it that a test proves."""


def proves(page: str, statement: str) -> Callable[[Test], Test]:
    """Of a test: what it proves by counting, in the page's own words."""
    STATEMENTS[page].append(statement)
    return lambda test: test


def words(text: str) -> str:
    """Only words and numbers: no markup, no link targets, no line breaks."""
    text = LINK.sub(lambda link: f" {link['words']} ", text)
    return " ".join(["", *re.findall(r"\w+", text.lower()), ""])
