"""Every claim has a sentence or a statement that needs it; every statement of the first versions is judged.

What it does not prove: that the claims hold. Each build judges them, on its own machine.
"""

from __future__ import annotations

import html
import math
import re

import pytest

from snippets.lab.catalog import experiment_names
from snippets.lab.judging.claim import Statement
from snippets.lab.judging.claims import claim_ids, statements
from snippets.lab.markdown.sentences import mentions

from .advice import nothing
from .pages import GUIDE_1, GUIDE_2, PAGES, source
from .seeds import SEED_TEXTS
from .small_results import rendered

CLAIMS = {claim.id: (experiment, claim) for experiment, claim in claim_ids().values()}
GUIDES = {"Choosing num_workers": GUIDE_1, "The helper sprites": GUIDE_2}
JUDGING = {claim for statement in statements() for claim in (*statement.supported_by, *statement.refuted_by)}
"""The claims that statements of the first versions are judged by."""
LEDGER = "reference/claims.md"
STATEMENTS = "reference/first-versions.md"


def test_there_are_claims() -> None:
    assert len(CLAIMS) >= 50
    assert {experiment for experiment, _ in CLAIMS.values()} == set(experiment_names())


@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_says_where_it_lies_and_why_there(name: str) -> None:
    claim = CLAIMS[name][1]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", name)
    assert len(claim.because) > 10 and claim.because.endswith((".", "”")), "the reason is a sentence"
    assert claim.statistic.words and not claim.statistic.words.endswith(".")
    assert claim.bounds.low <= claim.bounds.high
    assert math.isfinite(claim.bounds.low) or math.isfinite(claim.bounds.high)
    assert (claim.needs_cores == 0) == (claim.needs_cores < 1)


@pytest.mark.parametrize("name", CLAIMS)
def test_a_bound_is_said_to_the_digit(name: str) -> None:
    """A page that says "at most 1.2 times" of a bound of 1.25 would call a median of 1.24 a contradiction."""
    claim = CLAIMS[name][1]
    for bound in {bound for bound in (claim.bounds.low, claim.bounds.high) if math.isfinite(bound)}:
        said = claim.say_bound(bound)
        digits = re.match(r"[\d,.]+", said)
        assert digits, said
        scale = 0.01 if "%" in said else 1e6 if "MB" in said else 1
        a_reciprocal = claim.bounds.kind == "equivalent" and bound < 1
        as_said = float(digits[0].replace(",", "")) * scale
        assert as_said == pytest.approx(bound, rel=0.005 if a_reciprocal else 0.001), said


def test_each_claim_is_spoken_of() -> None:
    nothing(
        {*CLAIMS} - JUDGING - {*mentions()},
        "no sentence and no statement needs these claims: write [words](claim:name) on a page, or delete them:",
    )


def test_what_statements_name_exists() -> None:
    """What pages name is looked up where they are rendered."""
    assert {*CLAIMS} >= JUDGING


@pytest.mark.parametrize("page", PAGES)
def test_the_line_of_a_mention_is_the_line_of_its_link(page: str) -> None:
    lines = source(page).split("\n")
    found = [mention for each in mentions().values() for mention in each if mention.page == page]
    assert len(found) >= len(set(re.findall(r"\]\(claim:([\w-]+)", source(page))))
    for mention in found:
        named = re.compile(rf"\]\(claim:{mention.claim}(?![\w-])")
        assert named.search(lines[mention.line - 1]) and named.search(mention.sentence)


# The first versions, statement by statement.


def test_at_least_thirty_statements_of_each_kind() -> None:
    assert len(statements()) >= 30
    assert {statement.guide for statement in statements()} == set(GUIDES)
    assert len({statement.quote for statement in statements()}) == len(statements())


@pytest.mark.parametrize("statement", statements(), ids=lambda statement: statement.quote[:40])
def test_a_statement_is_quoted_word_for_word_and_judged(statement: Statement) -> None:
    def flat(text: str) -> str:
        return re.sub(r"\s+", " ", text)

    assert flat(statement.quote) in flat(SEED_TEXTS[GUIDES[statement.guide]])
    assert statement.supported_by or statement.refuted_by
    assert not set(statement.supported_by) & set(statement.refuted_by)
    assert statement.where.endswith(".")


@pytest.mark.parametrize(
    "statement", [one for one in statements() if "GPU" in one.quote], ids=lambda statement: statement.quote[:40]
)
def test_what_is_said_of_a_gpu_is_judged_on_one(statement: Statement) -> None:
    """Or counted, which is the same everywhere: a step that sleeps is no GPU. Who has none has then not measured it."""
    judges = [CLAIMS[name][1] for name in (*statement.supported_by, *statement.refuted_by)]
    assert any(claim.tiers == ("gpu",) for claim in judges) or all(claim.bounds.kind == "count" for claim in judges)


WANTED = (
    "full copy of the dataset",
    "< 1000",
    "<90%",
    "Significant speedup",
    "Start with `0`",
    "Start with 4",
    "Faster GPU transfer",
    "4 * num_gpus",
    "cpu_count() // 2",
    "os.cpu_count()",
    "Windows has multiprocessing issues",
    "4-8",
)


@pytest.mark.parametrize("words", WANTED)
def test_the_statements_that_readers_remember_are_there(words: str) -> None:
    assert any(words in statement.quote for statement in statements())


# The ledger.


def test_the_ledger_has_a_row_with_a_card_for_every_claim() -> None:
    page = rendered(LEDGER)
    assert sorted(re.findall(r'<tr id="([\w-]+)"', page)) == sorted(CLAIMS)
    assert page.count('class="nw-card"') == len(CLAIMS)
    text = html.unescape(re.sub(r"<[^>]+>", "", page))
    for _, claim in CLAIMS.values():
        assert claim.predicate[1:] in text and claim.because in text


def test_a_card_leads_to_its_sentences_and_back() -> None:
    page = rendered(LEDGER)
    for name, each in mentions().items():
        card = page[page.index(f'id="{name}"') :].split("</tr>")[0]
        for mention in each:
            assert f'href="/{mention.page}#claim-{name}"' in card
            assert f'id="claim-{name}"' in rendered(mention.page)
            assert f'href="/{LEDGER}#{name}"' in rendered(mention.page)


def test_the_ledger_has_a_row_for_every_statement() -> None:
    rows = re.findall(r"<tr>(.*?)</tr>", rendered(STATEMENTS).split('class="nw-scroll nw-statements"')[1], re.DOTALL)
    assert len(rows) - 1 == len(statements())
