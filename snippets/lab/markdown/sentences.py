"""Where the pages speak of a claim: page, line and sentence, found in the Markdown that people edit."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from snippets.lab.markdown.needs import Names, are_met, lines
from snippets.lab.markdown.shown import UnknownName
from snippets.lab.moment import once
from snippets.lab.paths import DOCS

WORDS, SECOND = r"\[(?P<words>[^\[\]]*)\]", r"(?:\s+\"(?P<second>[^\"]*)\")?"
CLAIM = re.compile(rf"{WORDS}\(claim:(?P<id>[\w-]+){SECOND}\)")
MEASURED = re.compile(rf"{WORDS}\(measured:(?P<name>[\w/-]+){SECOND}\)")
"""`second`: the words for where the value of the first is missing."""

FIGURE = re.compile(r"\]\(figure:([\w-]+)(?:/\w+)?\)")
ABOUT = re.compile(r"\]\(about:([\w-]+)\)")
LINK = re.compile(rf"!?{WORDS}\([^()\"]*{SECOND}\)")
STARTS_A_BLOCK = re.compile(r"^\s*([-*+] |\d+\. |#|!!! |\?\?\? |\||>)")
SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=[A-Z0-9“\"`*\[(])")


@dataclass(frozen=True)
class Block:
    """A paragraph, list item, heading or table row: its lines joined, and the number of the first, from 1."""

    page: str
    line: int
    text: str


@dataclass(frozen=True)
class Mention:
    """One place at which a page speaks of a claim; `sentence` is Markdown, with the names of values in it. `page`:
    relative to docs/. `needs`: as of a `needs.Line`.
    """

    claim: str
    page: str
    line: int
    sentence: str
    needs: tuple[Names, ...] = ()

    @property
    def place(self) -> str:
        return f"docs/{self.page}:{self.line}"


def pages(docs: Path = DOCS) -> list[str]:
    """The Markdown files, relative to the folder."""
    return sorted(path.relative_to(docs).as_posix() for path in docs.rglob("*.md"))


def blocks(page: str, text: str) -> Iterator[Block]:
    """The page's prose, block by block: front matter, code blocks and comments left out."""
    parts: list[str] = []
    first, front = 0, text.startswith("---\n")
    for number, line in enumerate(lines(text.split("\n")), 1):
        if front:
            front = number == 1 or line.text != "---"
            continue
        ends = line.is_code or not line.text.strip() or line.text.lstrip().startswith("<!--")
        if parts and (ends or STARTS_A_BLOCK.match(line.text)):
            yield Block(page, first, " ".join(parts))
            parts = []
        if not ends:
            first = first if parts else number
            parts.append(line.text.strip())
    if parts:
        yield Block(page, first, " ".join(parts))


def sentences(text: str) -> list[str]:
    """A block's sentences, as Markdown."""
    return SENTENCE_END.split(re.sub(r"^([-*+>]|#*\s?\d+\.|#+)\s+", "", text))


def plain(markdown: str) -> str:
    """A sentence without links, emphasis and code marks."""
    return re.sub(
        r"[*`]|(?<!\w)_(?=[^_\s])|(?<=[^_\s])_(?!\w)", "", LINK.sub(lambda link: link["words"], markdown)
    ).strip()


@once
def title(page: str) -> str:
    """A page's title, as its front matter says; its path where that says none."""
    match = re.search(r"^title: (.+)$", (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE)
    return match[1] if match else page


@once
def mentions() -> dict[str, list[Mention]]:
    """By claim, in the order of pages and lines."""
    stamps = tuple((page, (DOCS / page).stat().st_mtime_ns) for page in pages())
    return _mentions(stamps)


@lru_cache(maxsize=1)
def _mentions(stamps: tuple[tuple[str, int], ...]) -> dict[str, list[Mention]]:
    by_claim: dict[str, list[Mention]] = {}
    for page, _ in stamps:
        for mention in mentions_in(page, (DOCS / page).read_text(encoding="utf-8")):
            by_claim.setdefault(mention.claim, []).append(mention)
    return by_claim


def mentions_in(page: str, text: str) -> Iterator[Mention]:
    """One per claim and sentence; the line is the one that the link's id stands in."""
    page_lines = [*lines(text.split("\n"))]
    for block in blocks(page, text):
        for sentence in sentences(block.text):
            for link in CLAIM.finditer(sentence):
                target = re.compile(rf"\(claim:{link['id']}[\s)]")
                numbered = enumerate(page_lines[block.line - 1 :], block.line)
                numbers = (number for number, line in numbered if target.search(f"{line.text}\n"))
                number = next(numbers, block.line)
                yield Mention(link["id"], page, number, sentence, page_lines[number - 1].needs)


@once
def description(experiment: str) -> str:
    """Where an experiment is described, as a link: the page with its `![](about:…)`, and its heading there.

    Raises UnknownName where no page does.
    """
    page_of = descriptions()
    if experiment not in page_of:
        raise UnknownName(f"no page describes the experiment {experiment}: write ![](about:{experiment}) on one")
    return f"/{page_of[experiment]}#{experiment}"


@once
def descriptions() -> dict[str, str]:
    """The page that describes each experiment."""
    return _descriptions(tuple((page, (DOCS / page).stat().st_mtime_ns) for page in pages()))


@lru_cache(maxsize=1)
def _descriptions(stamps: tuple[tuple[str, int], ...]) -> dict[str, str]:
    return {name: page for page, _ in stamps for name in ABOUT.findall((DOCS / page).read_text(encoding="utf-8"))}


@once
def figures() -> dict[str, list[str]]:
    """By experiment, the pages that show its figure: guides first, for they say what is to be seen."""
    stamps = tuple((page, (DOCS / page).stat().st_mtime_ns) for page in pages())
    return {name: [page for page, needs in places if are_met(needs)] for name, places in _figures(stamps).items()}


@lru_cache(maxsize=1)
def _figures(stamps: tuple[tuple[str, int], ...]) -> dict[str, list[tuple[str, tuple[Names, ...]]]]:
    places: dict[str, list[tuple[str, tuple[Names, ...]]]] = {}
    for page in sorted((page for page, _ in stamps), key=lambda page: (not page.startswith("guides/"), page)):
        for line in lines((DOCS / page).read_text(encoding="utf-8").split("\n")):
            for name in FIGURE.findall(line.text):
                places.setdefault(name, []).append((page, line.needs))
    return places
