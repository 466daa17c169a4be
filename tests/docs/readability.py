"""Sentences that a reader may stumble over: long ones, and words from which one has to guess what is meant.

    .venv/bin/python -m tests.docs.readability guides/optimization.md

A help for who writes, and no gate: it prints them, and fails nothing. What it does not find: a sentence with two
claims, or one without a verb.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from snippets.lab.markdown.sentences import blocks, plain, sentences
from snippets.lab.streams import replace_what_stdout_lacks

from .pages import PAGES, source

MOST_WORDS = 35
MOST_BREAKS = 1
RIDDLES = {
    r"anew": "again",
    r"dear(?:er|est)?": "expensive",
    r"for ever": "forever",
    r"mend(?:s|ed|ing)?": "fix",
    r"(?:some|a few) percent": "say about how many",
    r"(?:is|are|comes?|came) (?:at|to) (?:its|their|an) end": "say what has run out, or ends",
    r"spares?": "say what the reader need not do",
    r"stands? behind|behind which": "say what supports what",
    r"nobody|somebody|whoever": "name who acts",
    r"(?:Nor|Had|Were|Should|Hence|Thus)(?= \w)": "begin with the subject",
    r"(?<=, )for(?= (?:an?|the|it|they|there|this|that|we|you)\b)": "because",
    r"(?:nothing|none) (?:else|other) (?:but|than)": "only",
    r"lest|whence|thereof|whereupon|albeit|thereby|wherein|likewise": "a word of today",
}
"""Words that are riddles, and what to write instead."""


CODE_OR_LABEL = re.compile(r"(?P<code>`[^`]*`)|\*\*[^*]+:\*\*")
NO_PROSE = ("|", "#")
"""How rows of tables and headings begin, which quote messages."""


def spoken(sentence: str) -> str:
    """A sentence of Markdown as one reads it aloud: without its label, and with one word for a piece of code."""
    return plain(CODE_OR_LABEL.sub(lambda found: "code" if found["code"] else "", sentence))


def stumbles(sentence: str) -> Iterator[str]:
    """What makes a sentence hard: `41 words`, `3 clauses` joined by semicolons and colons, `“anew”: again`."""
    if (words := len(re.findall(r"[\w'’.-]+", sentence))) > MOST_WORDS:
        yield f"{words} words"
    if (breaks := len(re.findall(r"[;:](?= )", sentence))) > MOST_BREAKS:
        yield f"{breaks + 1} clauses"
    for words, better in RIDDLES.items():
        yield from (f"“{found[0]}”: {better}" for found in re.finditer(rf"\b(?:{words})(?!\w)", sentence))


def hard_to_read(page: str, text: str) -> Iterator[str]:
    """A line for each sentence of a page that somebody should read aloud."""
    for block in blocks(page, text):
        for sentence in sentences(block.text) if not block.text.startswith(NO_PROSE) else ():
            if found := [*stumbles(spoken(sentence))]:
                yield f"docs/{page}:{block.line}: {', '.join(found)}\n    {plain(sentence)}"


def main(pages: list[str]) -> None:
    """Print what is hard to read on these pages, or on all."""
    found = [line for page in pages or PAGES for line in hard_to_read(page, source(page))]
    print(*found, f"{len(found)} sentences to read aloud", sep="\n")


if __name__ == "__main__":
    replace_what_stdout_lacks()
    main(sys.argv[1:])
