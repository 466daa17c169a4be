"""In the live preview, a page is rendered and indexed again only if its text, or something that it shows, has changed.

A page shows its own text, what snippets and results say, definitions of the glossary, and addresses of other pages. A
page with a ledger quotes other pages as well, and is rendered each time.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from snippets.lab.markdown.glossary import definitions
from snippets.lab.markdown.sentences import descriptions
from snippets.lab.paths import ACCEPTED, DOCS, LOCAL_RESULTS, OUTPUTS, SNIPPETS

QUOTES_OTHERS = re.compile(r"\]\(ledger:|--8<-- \".*\.md")
NO_SOURCES = {"__pycache__"}
"""Folders that running makes."""
Entry = dict[str, Any]
"""Of the search's index."""


@dataclass(frozen=True)
class _Rendering:
    """What rendering gave: all that MkDocs keeps of a page, and its `entries` in the search's index. `key`: what it
    depends on. `links`: by the file they lead to, for MkDocs looks at their anchors when all pages are there.
    """

    key: Any
    content: str
    toc: Any
    title: str | None
    anchors: set[str] | None
    links: dict[str, dict[str, str]]
    entries: list[Entry]


class Preview:
    """A build calls `begin`, then for each page `text` and `content` or `keep`, then for each in that order `index`."""

    def __init__(self) -> None:
        self._renderings: dict[str, _Rendering] = {}
        self._dependencies: Any = None
        self._texts: dict[str, str] = {}
        self._unchanged: dict[str, Any] = {}
        self._indexed = 0

    def begin(self, config: MkDocsConfig, files: Files) -> None:
        """Note what every page depends on."""
        addresses = tuple((file.src_uri, file.url) for file in files)
        stamps = tuple(_stamps(Path(config.config_file_path)))
        quoted = (*descriptions().items(), *definitions().items())
        self._dependencies = (date.today(), addresses, quoted, stamps)
        self._texts, self._unchanged, self._indexed = {}, {}, 0

    def text(self, page: Page, text: str) -> str:
        """What is to be rendered: nothing, for a page that is as it was."""
        name = page.file.src_uri
        self._texts[name] = text
        rendering = self._renderings.get(name)
        if rendering is None or rendering.key != self._key(page) or QUOTES_OTHERS.search(text):
            return text
        self._unchanged[name] = page.meta
        return ""

    def content(self, page: Page, files: Files) -> str | None:
        """Of a page that is as it was, all that rendering it gave before; None for any other."""
        name = page.file.src_uri
        if name not in self._unchanged:
            return None
        rendering = self._renderings[name]
        page.markdown, page.toc = self._texts[name], rendering.toc
        page._title_from_render, page.present_anchor_ids = rendering.title, rendering.anchors
        links = rendering.links
        page.links_to_anchors = {file: links[file.src_uri] for file in files if file.src_uri in links}
        page.meta = {**page.meta, "search": {"exclude": True}}  # until it comes to `index`
        return rendering.content

    def keep(self, page: Page, content: str) -> None:
        """Of any other page: keep what rendering it gave."""
        links = {file.src_uri: anchors for file, anchors in (page.links_to_anchors or {}).items()}
        headings = (page.toc, page._title_from_render, page.present_anchor_ids)
        self._renderings[page.file.src_uri] = _Rendering(self._key(page), content, *headings, links, [])

    def index(self, page: Page, entries: list[Entry]) -> None:
        """`entries` of all pages until now, this one's among them if it was rendered."""
        name = page.file.src_uri
        if name in self._unchanged:
            page.meta = self._unchanged[name]
            entries += self._renderings[name].entries
        elif name in self._renderings:
            self._renderings[name].entries[:] = entries[self._indexed :]
        self._indexed = len(entries)

    def _key(self, page: Page) -> Any:
        return self._texts.get(page.file.src_uri), repr(page.meta), self._dependencies


def _stamps(settings: Path) -> Iterator[tuple[str, int, int]]:
    """Of each file that pages show or are made by, but for their own texts."""
    for path in (settings, LOCAL_RESULTS, ACCEPTED, OUTPUTS, *_files(DOCS), *_files(SNIPPETS)):
        if path.exists():
            status = path.stat()
            yield str(path), status.st_mtime_ns, status.st_size


def _files(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(set(folders) - NO_SOURCES)
        yield from (Path(folder, name) for name in sorted(names) if not (root == DOCS and name.endswith(".md")))
