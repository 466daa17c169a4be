"""Which words of a page must rest on a measurement: numbers and comparisons that no link binds to a result."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from snippets.lab.markdown.sentences import CLAIM, LINK, MEASURED, blocks, plain, sentences

COMPARED = re.compile(
    r"\b(?:as (?:fast|slow|large|much|long) as|\w+ times (?:as|the)|twice (?:as|the)|half (?:as|the)|"
    r"(?:half|(?:third|quarter|tenth)s?|most) of (?:the|its|their|all)|"
    r"(?:fast|slow|quick|cheap)(?:er|est)|significant(?:ly)?)\b",
    re.IGNORECASE,
)
NUMBER = re.compile(
    r"(?<![\w.-])\d[\d.,]*\s?(?:%|(?:[kMG]i?B|bytes|ms|µs|s|seconds|minutes|times|(?:samples|photos|items)/s)\b)"
)
"""What a measurement gives has a unit. A count, a version or a year has none."""

ONE_OF = r"(?:\d+|one|two|three|four|eight)"
SETTING = re.compile(
    rf"\b{ONE_OF} (?:usable )?(?:workers?|cores?|helpers?|ranks?|GPUs?)\b|\b(?:sprite|worker|batch) \d+|"
    rf"\bwith \d+\b|\b0, 2 and 4 workers|\b(?:Python|torch|Linux) \d+\.\d+|^#* ?\d+\. [A-Z]|\b06\b",
    re.IGNORECASE,
)
"""Numbers that say which arm, item or version is meant, not what came out."""

QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”")
"""What somebody else said, or a program: the first version's statements are judged one by one in the ledger."""

CODE = re.compile(r"`[^`]*`")
LEFT_OUT = re.compile(r"\{[^{}]*\}|<[^<>]*>|https?://\S+|\b\d{4}-\d\d-\d\d\b|\b(?:issue|pull request) \d+\b")


def _second(link: re.Match[str]) -> str:
    """What takes the place of a link's words where no measurement is behind them."""
    return f" {link['second'] or ''} "


def unbound(sentence: str) -> list[str]:
    """The numbers and comparisons of a sentence, second wordings included, that no link binds to a claim or value."""
    text = MEASURED.sub(_second, CLAIM.sub(_second, sentence))
    text = LINK.sub(lambda link: f" {link['words']} ", CODE.sub(" ", text))
    for pattern in (QUOTED, LEFT_OUT, SETTING):
        text = pattern.sub(" ", text)
    return [found[0].strip() for found in (*NUMBER.finditer(text), *COMPARED.finditer(text))]


def unbound_in_page(page: str, text: str) -> Iterator[tuple[str, list[str]]]:
    """Each sentence of a page's prose, headings, tables and titles with something unbound, without its markup."""
    for block in blocks(page, text):
        for sentence in sentences(block.text):
            if found := unbound(sentence):
                yield plain(sentence), found
    for line in re.findall(r"^(?:title|description): (.+)$", text, re.MULTILINE):
        if found := unbound(line):
            yield line, found


def texts(path: Path) -> Iterator[str]:
    """The texts of a module that readers may see, `{}` for each value put in: no docstrings, no keys, no names."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    inside = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, (ast.JoinedStr, ast.Subscript, ast.FormattedValue))
        for child in ast.walk(node)
        if child is not node
    }
    for node in ast.walk(tree):
        if id(node) in docstrings or id(node) in inside:
            continue
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


SAID_OF_A_VALUE = re.compile(r"\{\}(?: of its \w+)?,? (?:and )?(?:\{\} )?as fast\b")
"""`{} as fast`: the comparison is the value's own."""


def unbound_in_texts(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Each text of a figure's module with a number that was typed, or a comparison that no value makes."""
    for text in texts(path):
        bound = SAID_OF_A_VALUE.sub("{}", text)
        if found := unbound(bound):
            yield text, found
