"""Twenty questions can be answered by a program that reads the site's Markdown alone: questions.toml.

What it does not prove: that a program finds the answer. It stands in one section of a page, to which the question's
words lead in llms.txt.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ..browser.site import Built

FILE = Path(__file__).with_name("questions.toml")
FENCE = re.compile(r"[ >]*(`{3,})")
HEADING = re.compile(r"[ >]*#{1,6} ")
LINK = re.compile(r"(?<!\\)\[((?:[^\[\]\\]|\\.)*)\]\([^)\s]+\)")


@dataclass(frozen=True)
class Question:
    """`says`: what the answer must hold; `by`: which words of the question lead to its page."""

    asked: str
    by: list[str]
    twin: str
    says: list[str]


QUESTIONS = [Question(**each) for each in tomllib.loads(FILE.read_text(encoding="utf-8"))["question"]]
questions = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.asked)


def sections(twin: str) -> Iterator[str]:
    """From each heading to the next one. What looks like a heading within code is none."""
    section, fence = list[str](), ""
    for line in twin.splitlines():
        opened = FENCE.match(line)
        if not fence and HEADING.match(line):
            yield "\n".join(section)
            section = []
        if opened and (not fence or opened[1] == fence):
            fence = "" if fence else opened[1]
        section.append(line)
    yield "\n".join(section)


def as_read(section: str) -> str:
    return " ".join(LINK.sub(r"\1", section).replace("**", "").split())


def test_there_are_twenty() -> None:
    assert len({question.asked for question in QUESTIONS}) == len(QUESTIONS) == 20


@questions
def test_one_section_of_the_page_answers(question: Question, built_site: Built) -> None:
    twin = (built_site.root / question.twin).read_text(encoding="utf-8")
    lacks = [[says for says in question.says if not re.search(says, as_read(each))] for each in sections(twin)]
    assert [] in lacks, f"{question.twin}: the section that comes nearest lacks {min(lacks, key=len)}"


@questions
def test_its_words_lead_to_the_page(question: Question, built_site: Built) -> None:
    listed = (built_site.root / "llms.txt").read_text(encoding="utf-8").splitlines()
    (line,) = [each for each in listed if f"]({question.twin})" in each]
    for words in question.by:
        assert words.lower() in question.asked.lower() and words.lower() in line.lower(), words


def test_a_section_is_what_stands_below_one_heading() -> None:
    text = "# A\n\na [*word*](b/#c), **bold**\n\n```python\n# no heading\n```\n\n> ## B {#b}\n\nb"
    assert [as_read(each) for each in sections(text)] == [
        "",
        "# A a *word*, bold ```python # no heading ```",
        "> ## B {#b} b",
    ]
