"""What is printed as hard to read, and that it stops nothing.

The pages themselves are not judged here: people read them.
"""

from __future__ import annotations

import pytest

from . import readability
from .readability import MOST_WORDS, hard_to_read

PAGE = """---
title: A page, and what is said anew in its front matter
---

# A heading: it; has: three

A worker loads a batch.
It collates the batch, and `code: with; signs: is` one word.

- **What to do:** one thing: another.
- Short. {sentence}

| a row: of; a: table | dear |
"""


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        (" ".join(["Word"] * MOST_WORDS) + ".", ""),
        (" ".join(["Word"] * (MOST_WORDS + 1)) + ".", f"{MOST_WORDS + 1} words"),
        ('A [link to *something*](claim:a "anew") is its words.', ""),
        ("One; two: three.", "3 clauses"),
        ("It is drawn anew.", "“anew”: again"),
        ("Nor does it hold, for a worker waits.", "“Nor”: begin with the subject, “for”: because"),
        ("The quoted `anew` is code.", ""),
        ("A renewed garden is no riddle, and nor is deer.", ""),
    ],
)
def test_what_is_hard_to_read(sentence: str, found: str) -> None:
    said = [line.split("\n")[0] for line in hard_to_read("p.md", PAGE.replace("{sentence}", sentence))]
    assert said == ([f"docs/p.md:11: {found}"] if found else [])


def test_it_prints_and_stops_nothing(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readability, "source", lambda page: PAGE.replace("{sentence}", f"This is {page}, anew."))
    readability.main(["p.md", "q.md"])
    printed = capsys.readouterr().out
    assert "docs/q.md:11: “anew”: again\n    This is q.md, anew." in printed and printed.endswith(
        "2 sentences to read aloud\n"
    )
