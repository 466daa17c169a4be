"""One rule for the number of workers: the same words wherever the site gives it, and no other rule beside them.

What it does not prove: that the rule is right. It is what the loader's model says (test_loader_model_rule.py); the
experiment `choosing` judges what it leads to.
"""

from __future__ import annotations

import math
import re

import pytest

from snippets.experiments.sprites_overlap.measure import EXPERIMENT as OPENING
from snippets.lab.markdown.sentences import plain

from .pages import GUIDE_1, GUIDE_2, PAGES, source

RULE = (
    "Start with the time of a batch divided by the time of a step (on a GPU: until the GPU is done), rounded up. "
    "If your batches differ in cost, take a quarter more. "
    "If your items compute, start with no more than the cores that your training loop leaves free. "
    "Take 0 where a worker does not pay. "
    "Then verify the number."
)
PLACES = ("index.md", "how-to/choose-num-workers.md", GUIDE_1, GUIDE_2, "troubleshooting/settings.md")

NOT_WORTH_A_WORKER = (
    "handing a batch over costs more than making it",
    "loading takes less than a tenth of a step",
    "starting the workers in every epoch takes longer than loading an epoch",
)
"""Where a worker does not pay: the same three conditions wherever a page names one."""
EXPLAINED = ("index.md", "how-to/choose-num-workers.md", GUIDE_1)

OTHER_RULES = re.compile(
    r"rounded up,? plus|plus one|cores \+ 1|one more worker than|take as many as there are cores|"
    r"add workers up to the usable cores|summon as many helpers as it takes|"
    r"(?:take|use) no more workers than|as many workers as (?:there are )?cores|does all of this",
    re.IGNORECASE,
)
"""What pages said when they contradicted each other."""


def words(page: str) -> str:
    return re.sub(r"\s+", " ", plain(source(page)))


@pytest.mark.parametrize("page", PLACES)
def test_the_rule_stands_there_word_for_word(page: str) -> None:
    assert RULE in words(page)


@pytest.mark.parametrize("page", EXPLAINED)
def test_it_says_where_a_worker_does_not_pay(page: str) -> None:
    text = words(page)
    assert [condition for condition in NOT_WORTH_A_WORKER if condition not in text] == []


@pytest.mark.parametrize("page", PAGES)
def test_no_page_says_otherwise_where_a_worker_does_not_pay(page: str) -> None:
    listed = ", where ".join(NOT_WORTH_A_WORKER[:-1]) + ", or where " + NOT_WORTH_A_WORKER[-1]
    assert {said for said in re.findall(r"workers? (?:does|do) not pay where ([^.]*)", words(page))} <= {listed}


@pytest.mark.parametrize("page", PLACES)
def test_who_is_told_to_take_0_is_told_where(page: str) -> None:
    """On the page itself, or behind a link."""
    assert page in EXPLAINED or "a worker [does not pay](" in source(page)


@pytest.mark.parametrize("page", [page for page in PAGES if not page.startswith("reference/first-versions")])
def test_no_other_rule_stands_beside_it(page: str) -> None:
    assert not OTHER_RULES.findall(words(page))


def test_the_opening_example_follows_the_rule() -> None:
    """The first picture shows the count that the rule gives for its own batch and step, in an epoch of which what is
    prefetched at the start is no more than a third."""
    batch = OPENING.number("item_seconds") * OPENING.number("batch_size")
    count = math.ceil(batch / OPENING.number("step_seconds"))
    assert count == 4
    assert "rounded up to four" in words("index.md") and "four workers keep up" in words("index.md")
    with OPENING.prepared() as arms:
        assert f"{count} workers" in arms
    assert OPENING.number("batches") >= 3 * 2 * count
