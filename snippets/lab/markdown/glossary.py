"""The words that the glossary defines: on each page, the first use of a word leads there and shows its definition."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from snippets.lab.markdown.sentences import plain
from snippets.lab.moment import once
from snippets.lab.paths import DOCS

PAGE = "reference/glossary.md"
ENTRY = re.compile(r"^## (?P<term>.+)\n\n(?P<definition>.+?[.])(?:\s|$)", re.MULTILINE)
"""A heading, and the first sentence below it."""

NO_TERM = "Where to go next"
ENDINGS = "e?(?:s|d|ed|ing)?"
PROSE = frozenset({"p", "li"})
LEFT_OUT = frozenset({"a", "code", "pre", "kbd", "figure", "strong", "summary", "svg", "table", "dl"})
LEFT_OUT_CLASSES = frozenset({"nw-figure", "nw-output", "nw-ledger", "nw-behind", "nw-mark"})
"""What has words of its own, is a label, or is a link already."""


@once
def definitions() -> Mapping[str, str]:
    """By term, as its heading writes it, the first sentence of its definition, without markup."""
    text = (DOCS / PAGE).read_text(encoding="utf-8")
    return {entry["term"]: plain(entry["definition"]) for entry in ENTRY.finditer(text) if entry["term"] != NO_TERM}


def link_first_uses(root: Element, terms: Mapping[str, str]) -> None:
    """In the prose of a page, make the first use of each term a link to its entry. Headings, code, tables, links and
    what was measured stay as they are.

    Args:
        terms: the definition of each.
    """
    if terms:
        _FirstUses(terms).visit(root, prose=False)


def anchor(term: str) -> str:
    """The id that Markdown gives the heading of a term."""
    return term.lower().replace(" ", "-")


@dataclass
class _FirstUses:
    """`left`: the terms of which no use was found yet."""

    terms: Mapping[str, str]
    left: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self.left = {*self.terms}
        self._names = sorted(self.terms, key=len, reverse=True)  # “fork server” is no use of “fork”
        self._any = re.compile(rf"\b(?:{'|'.join(f'({_pattern(term)})' for term in self._names)})")

    def visit(self, element: Element, *, prose: bool) -> None:
        if element.tag in LEFT_OUT or LEFT_OUT_CLASSES & {*element.get("class", "").split()}:
            return
        prose = prose or element.tag in PROSE
        children = list(element)
        if prose and element.text:
            element.text, links = self._linked(element.text)
            element[:0] = links
        for child in children:
            self.visit(child, prose=prose)
            if prose and child.tail:
                child.tail, links = self._linked(child.tail)
                place = list(element).index(child) + 1
                element[place:place] = links

    def _linked(self, text: str) -> tuple[str, list[Element]]:
        """The text before the first link, and the links, each with the text that follows it."""
        parts, links, end = [], [], 0
        for use in self._any.finditer(text):
            term = self._names[(use.lastindex or 0) - 1]
            if term in self.left:
                self.left.remove(term)
                parts.append(text[end : use.start()])
                link = Element("a", {"class": "nw-term", "href": f"/{PAGE}#{anchor(term)}", "title": self.terms[term]})
                link.text, end = use[0], use.end()
                links.append(link)
        parts.append(text[end:])
        for link, following in zip(links, parts[1:], strict=True):
            link.tail = following
        return parts[0], links


def _pattern(term: str) -> str:
    """From where a word begins: the term in whatever form, `Batch` or `batches`; one in capitals only as it stands."""
    if term.isupper():
        return rf"{re.escape(term)}\b"
    return rf"(?i:{re.escape(term.removesuffix('e'))}{ENDINGS}\b(?!-))"
