"""The content of a page (HTML) as a tree."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
"""Elements that have no end tag (HTML, section 13.1.2)."""


@dataclass(eq=False, slots=True)
class Element:
    """`parent`: None for the root, which has no name."""

    name: str
    attributes: dict[str, str]
    classes: list[str]
    parent: "Element | None"
    children: "list[Element | str]" = field(default_factory=list)

    @property
    def text(self) -> str:
        """All words in it."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def elements(self) -> "Iterator[Element]":
        """Its children, without the words between them."""
        return (child for child in self.children if isinstance(child, Element))

    def inside(self, *names: str) -> "Iterator[Element]":
        """The elements of these names in it, at any depth, in their order."""
        for child in self.elements():
            if child.name in names:
                yield child
            yield from child.inside(*names)

    def around(self) -> "Iterator[Element]":
        """What it stands in, from its parent to the root."""
        element = self.parent
        while element:
            yield element
            element = element.parent


def tree(content: str) -> Element:
    """The root. What nothing closes ends with the element that it stands in."""
    reader = _Reader()
    reader.feed(content)
    reader.close()
    return reader.root


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self._open = Element("", {}, [], None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        element = Element(tag, attributes, attributes.get("class", "").split(), self._open)
        self._open.children.append(element)
        if tag not in VOID:
            self._open = element

    def handle_endtag(self, tag: str) -> None:
        element = self._open
        while element.parent and element.name != tag:
            element = element.parent
        self._open = element.parent or self._open

    def handle_data(self, data: str) -> None:
        self._open.children.append(data)
