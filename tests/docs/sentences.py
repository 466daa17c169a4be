"""A test's docstring is the sentence of the page that it proves, so that neither changes without the other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from snippets.lab.markdown.sentences import LINK

from .pages import source


def words(text: str) -> str:
    """Only words and numbers: no markup, no link targets, no line breaks."""
    text = LINK.sub(lambda link: f" {link['words']} ", text)
    return " ".join(["", *re.findall(r"\w+", text.lower()), ""])


def not_on_the_page(page: str, module: Mapping[str, Any]) -> list[str]:
    """Docstrings of a module's tests whose first paragraph is no part of the page."""
    whole = words(source(page))
    claims = {name: (made.__doc__ or "") for name, made in module.items() if name.startswith("test_")}
    return [f"{name}: {claim}" for name, claim in claims.items() if words(claim.split("\n\n")[0]) not in whole]
