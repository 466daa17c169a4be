"""No word wider than its bound: what a sentence says without a number, its claim's bound must allow no more than.

What it does not prove: that the words speak of the claim's statistic; nor what the reason of the bound says. People
read them, in the ledger.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from snippets.lab.judging.claim import Bounds, at_least, at_most, exactly, same_within, share_of_best
from snippets.lab.judging.claims import claim_ids
from snippets.lab.markdown.sentences import CLAIM, LINK, Mention, mentions, plain
from snippets.lab.markdown.wording import PLACE

from .advice import nothing


@dataclass(frozen=True)
class Word:
    """Words, the bound that a reader would accept for them, and whether a claim's bound is one."""

    words: str
    asks: str
    fits: Callable[[Bounds], bool]


def within(share: float) -> Callable[[Bounds], bool]:
    """No further than so much from no difference: from none at all where the statistic is a share, else from 1."""

    def fits(bounds: Bounds) -> bool:
        if not math.isfinite(bounds.high):
            return 1 - share <= bounds.low <= 1
        most = bounds.high - 1 if bounds.high >= 1 else bounds.high
        least = 1 - 1 / (1 + share)  # as far below as above, of a quotient
        return most <= share + ROUNDING and (bounds.low == -math.inf or bounds.low >= 1 - least - ROUNDING)

    return fits


def apart(factor: float) -> Callable[[Bounds], bool]:
    """So much larger, or so much smaller, all of it."""
    return lambda bounds: bounds.low >= factor - ROUNDING or 0 < bounds.high <= 1 / factor + ROUNDING


def most(share: float) -> Callable[[Bounds], bool]:
    return lambda bounds: bounds.high <= share + ROUNDING


def least(share: float) -> Callable[[Bounds], bool]:
    return lambda bounds: bounds.low >= share - ROUNDING


ROUNDING = 0.005
WORDS = (
    Word(
        r"(?:gains? |adds? )?(?:next to )?nothing(?! is)|no more(?! than)|no (?:\w+ )?(?:fast|slow)er",
        "10 %",
        within(0.1),
    ),
    Word(r"cannot (?:\w+ )?(?:help|(?:fast|slow)er)|no core left|sets? the limit|stops? at", "10 %", within(0.1)),
    Word(r"(?:about )?(?:evenly|equally)", "the shortest at least 75 % of the longest", least(0.75)),
    Word(r"(?:nearly|about|almost|hardly|roughly)(?: as \w+)?|little", "15 %", within(0.15)),
    Word(r"as (?:much|long|fast|good)|the same(?= as\b|[,.;]|$)|where it was|unchanged", "10 %", within(0.1)),
    Word(r"keeps? up|ready for every step|fed", "waits of at most 10 %", most(0.1)),
    Word(r"enough", "at least 95 % of the best", least(0.95)),
    Word(r"much|dear|many times|far", "twice", apart(2)),
    Word(r"is copied|copies (?:\w+ )?(?:arrays|tensors|objects|datasets?)", "at least 90 %", least(0.9)),
    Word(r"shares?(?! (?:\w+ )?cores)|no copy", "at most 10 %", most(0.1)),
)
"""In the order in which they are looked for; what one has found is not looked at again."""

COMPARED = Word(
    r"(?:fast|slow|short|long|small|cheap|quick)er|larger|helps?|pays?|beats?|hides?|gains?", "10 % apart", apart(1.1)
)
"""Of a sentence. A claim's name stands beside its bound, and may speak of what is compared there."""


def wider(text: str, bounds: Bounds, words: tuple[Word, ...] = (*WORDS, COMPARED)) -> Iterator[str]:
    """The words of a text that say more than the bounds do. What is counted is exact, and a value says how much. What
    somebody asks is not said.
    """
    text = re.sub(r"\bwhether [^,.;:]*", " ", text)
    if bounds.kind == "count" or PLACE.search(text):
        return
    for word in words:
        pattern = re.compile(rf"\b(?:{word.words})\b", re.IGNORECASE)
        if not word.fits(bounds):
            yield from (f"“{found[0]}” asks for {word.asks}" for found in pattern.finditer(text))
        text = pattern.sub(" ", text)


def too_wide(claim_id: str, bounds: Bounds) -> Iterator[str]:
    """In the claim's name, in the words that pages link to it, those for where its value is missing too, and in what
    else stands in such a sentence.
    """
    yield from (f"its name: {found}" for found in wider(claim_id.replace("-", " "), bounds, WORDS))
    for mention in mentions().get(claim_id, []):
        for link in CLAIM.finditer(mention.sentence):
            if link["id"] == claim_id:
                for said in (link["words"], link["second"] or ""):
                    yield from (f"{mention.place}: {said!r}: {found}" for found in wider(said, bounds))
        said = around(mention)
        yield from (f"{mention.place}: {said!r}: {found}" for found in wider(said, bounds))


def around(mention: Mention) -> str:
    """The sentence without what links say; of a row, the cell."""
    cells = mention.sentence.split("|")
    text = next(cell for cell in cells if f"(claim:{mention.claim}" in cell)
    return plain(LINK.sub(" ", text))


@pytest.mark.parametrize("claim_id", claim_ids())
def test_no_word_is_wider_than_its_bound(claim_id: str) -> None:
    claim = claim_ids()[claim_id][1]
    nothing(
        too_wide(claim_id, claim.bounds),
        f"{claim_id}: {claim.must_be}. Show the value, take another word, or tighten the bound:",
    )


def test_what_stands_around_a_link() -> None:
    row = Mention("a", "p.md", 1, '| the same | it is [faster](claim:a "much") than [b](b.md), about |')
    assert around(row) == "it is   than  , about"


@pytest.mark.parametrize(
    ("text", "bounds", "fits"),
    [
        ("adds next to nothing", at_most(1.1), True),
        ("adds next to nothing", at_most(1.4), False),
        ("adds nothing", at_most(0.1), True),
        ("load as much", same_within(1.35), False),
        ("{value} as much", same_within(1.35), True),
        ("costs little", share_of_best(0.85), True),
        ("costs little", share_of_best(0.75), False),
        ("four keep up", at_most(0.2), False),
        ("waits evenly", at_least(0.25), False),
        ("is enough", share_of_best(0.8), False),
        ("it is faster", at_least(1.02), False),
        ("it is slower", at_most(0.9), True),
        ("is dear", at_least(1.5), False),
        ("copies arrays", at_least(0.9), True),
        ("shares arrays", at_most(0.5), False),
        ("nothing", exactly(3), True),
        ("two more gain nothing", at_most(1.1), True),
        ("loads the same files", at_least(3), True),
        ("takes nearly as long", same_within(1.15), True),
        ("cannot decode faster", at_most(1.2), False),
        ("makes no worker faster", same_within(1.2), False),
        ("a race tells whether a worker pays", at_most(1.0), True),
        ("without workers nothing is handed over", at_least(1.2), True),
        ("copies and steps are queued", at_least(0.75), True),
    ],
)
def test_which_bound_a_word_asks_for(text: str, bounds: Bounds, fits: bool) -> None:
    assert bool([*wider(text, bounds)]) != fits
