"""The pages as readers see them: snippets put in as the site does, fences and code blocks taken out."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import cache

import pytest_codeblocks
from markdown import Markdown
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

from snippets.lab.catalog import TOOLS as DOWNLOADS
from snippets.lab.paths import DOCS, ROOT
from snippets.lab.paths import PAGES as SNIPPETS

GUIDE_1 = "guides/optimization.md"
GUIDE_2 = "guides/helper-sprites.md"
FIRST_VERSIONS = "reference/first-versions.md"
ALL_PAGES = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))
ORIGINALS = [page for page in ALL_PAGES if page.startswith("reference/first-versions/")]
"""The first versions word for word, with their numbers and their blocks, most of which do not run: somebody else's
words, which test_originals.py looks at.
"""
PAGES = [page for page in ALL_PAGES if page not in ORIGINALS]

EXPERIMENTS = [page for page in PAGES if page.startswith("reference/experiments/")]
TOOLS = {f"tools/{tool.name}" for tool in DOWNLOADS}
"""Shown whole, and run by tests/tools."""
NOT_PYTHON = (".console", ".sbatch", ".yaml")
"""Suffixes of files that are shown whole and that no build can run: test_where_you_run.py reads them."""
KIND = re.compile(r"\]\([a-z]+:|^ *(?:===|!!!|\?\?\?|--8<--|\||```\w+)|\{ data-needs=", re.MULTILINE)
"""How what is more than words begins: a figure, a link of some scheme, a block of code in some language, a table."""
INCLUDE = re.compile(r"""^\s*-+8<-+\s+["'](?P<target>[^"']+)["']\s*$""")


@dataclass(frozen=True)
class Block:
    """A Python block that a reader sees, with its place in the page's source and the snippet that it shows."""

    page: str
    line: int
    target: str
    code: str
    expected: str | None

    @property
    def name(self) -> str:
        return f"{self.page}:{self.line}:{self.target.partition(':')[0] or 'no-snippet'}"


@cache
def source(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


@cache
def config() -> MkDocsConfig:
    """What mkdocs.yml says. The plugins, which come after the Markdown, are not needed."""
    return load_config(str(ROOT / "mkdocs.yml"), plugins=[], hooks=[])


def markdown() -> Markdown:
    """A converter as mkdocs.yml configures it."""
    return Markdown(extensions=config().markdown_extensions, extension_configs=config().mdx_configs)


def expanded(text: str) -> str:
    """The Markdown with its snippets put in. An unknown file or section raises, as in the build."""
    return "\n".join(markdown().preprocessors["snippet"].run(text.split("\n")))


def fences(text: str) -> list[Token]:
    """Every fenced block, of whatever kind, wherever it is indented: `map` has its lines from 0, `info` its opening."""
    return [token for token in MarkdownIt().disable(["code", "inline"]).parse(text) if token.type == "fence"]


def collected(text: str) -> list[pytest_codeblocks.CodeBlock]:
    """What pytest-codeblocks finds in Markdown without includes, and would run as Python."""
    return [block for block in pytest_codeblocks.extract_from_buffer(io.StringIO(text)) if block.syntax == "python"]


@cache
def blocks(page: str) -> tuple[Block, ...]:
    """Every Python block of a page, in order."""
    places = [fence for fence in fences(source(page)) if fence.info == "python"]
    return tuple(
        Block(page, fence.map[0] + 1, " ".join(targets(fence.content)), block.code, block.expected_output)
        for fence, block in zip(places, collected(expanded(source(page))), strict=True)
        if fence.map
    )


def targets(text: str) -> list[str]:
    """What a page includes: `folder/file.py:section`, or `folder/file.py` for a whole file."""
    return [found["target"] for line in text.split("\n") if (found := INCLUDE.match(line))]


def of_each_kind() -> list[str]:
    """Pages that between them have each kind of thing that any page has: few, for what is so of each kind and takes a
    build of the site to see.
    """
    kinds = {page: {*KIND.findall(source(page))} for page in ALL_PAGES}
    left, chosen = set[str]().union(*kinds.values()), list[str]()
    while left:
        chosen.append(max(ALL_PAGES, key=lambda page: len(kinds[page] & left)))
        left -= kinds[chosen[-1]]
    return chosen


def that_name(names: set[str]) -> list[str]:
    """Pages with a link to one of these claims or experiments, its figure, or what one of these snippets prints, and
    those that list all.
    """
    sign = re.compile(rf"\]\((?:ledger:|\w+:(?:{'|'.join(map(re.escape, sorted(names)))})\b)")
    return [page for page in ALL_PAGES if sign.search(source(page))]


def snippet_files(folder: str) -> set[str]:
    """The files of a folder of snippets, as pages name them."""
    suffixes = {".py", *NOT_PYTHON}
    files = (path for path in (SNIPPETS / folder).iterdir() if path.suffix in suffixes and path.stem != "__init__")
    return {f"{folder}/{path.name}" for path in files}


def own_folder(page: str) -> str | None:
    """The folder of snippets that a page shows first; all pages of a folder show each of its snippets once."""
    folders = (target.partition("/")[0] for target in targets(source(page)))
    return next((folder for folder in folders if (SNIPPETS / folder).is_dir()), None)


FOLDERS = {page: folder for page in PAGES if (folder := own_folder(page))}
