"""No number and no comparison on a page without a measurement behind it, or a reason why not.

What it does not prove: that a claim's words say what its predicate says. People have to read both, in the ledger.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from snippets.lab.judging import rules
from snippets.lab.machine.capacity import SPIN_SECONDS
from snippets.lab.markdown.sentences import CLAIM, MEASURED
from snippets.lab.paths import DOCS, SNIPPETS

from . import test_statements, test_where_you_run  # noqa: F401  (say what they prove)
from .advice import nothing
from .bound import unbound, unbound_in_page, unbound_in_texts
from .pages import GUIDE_1, GUIDE_2, PAGES, source
from .sentences import STATEMENTS, words
from .unmeasured import TYPED, UNMEASURED

FIGURES = sorted(
    path.relative_to(SNIPPETS / "experiments").as_posix()
    for path in (SNIPPETS / "experiments").rglob("*.py")
    if "\ndef figure(" in path.read_text(encoding="utf-8") or path.stem in ("rules_of_thumb", "kinds")
)


def without_reason(page: str, text: str) -> list[str]:
    """Sentences with a number or a comparison that is bound to nothing, proven by nothing, and has no reason."""
    known, proofs = UNMEASURED.get(page, {}), [words(statement) for statement in STATEMENTS[page]]
    return [
        f"{found}: {sentence}"
        for sentence, found in unbound_in_page(page, text)
        if not any(words(sentence).startswith(words(begin).rstrip()) for begin in known)
        and not any(proof in words(sentence) or words(sentence) in proof for proof in proofs)
    ]


@pytest.mark.parametrize("page", PAGES)
def test_every_number_and_comparison_is_bound_or_has_its_reason(page: str) -> None:
    nothing(
        without_reason(page, source(page)),
        f"docs/{page}: no measurement, claim or reason behind these. Write [{{value}} …](claim:…) or "
        "[{name}](measured:…), or give the reason in tests/docs/unmeasured.py:",
    )


@pytest.mark.parametrize("page", UNMEASURED)
def test_no_reason_is_left_over(page: str) -> None:
    there = [words(sentence) for sentence, _ in unbound_in_page(page, source(page))]
    nothing(
        [b for b in UNMEASURED[page] if not any(one.startswith(words(b).rstrip()) for one in there)],
        f"no sentence with a number in docs/{page} begins like this any more: delete it from tests/docs/unmeasured.py:",
    )


@pytest.mark.parametrize("file", FIGURES)
def test_every_text_of_a_figure_is_bound_or_has_its_reason(file: str) -> None:
    """Titles, captions, alt texts, table headings: all come from these modules."""
    found = unbound_in_texts(SNIPPETS / "experiments" / file)
    known = TYPED.get(file, {})
    nothing(
        [text for text, _ in found if not any(text.startswith(begin) for begin in known)],
        f"snippets/experiments/{file}: typed, not measured. Fill it in from the result, or give the reason in TYPED, "
        "tests/docs/unmeasured.py:",
    )


@pytest.mark.parametrize("file", TYPED)
def test_no_reason_for_a_figures_text_is_left_over(file: str) -> None:
    there = [text for text, _ in unbound_in_texts(SNIPPETS / "experiments" / file)]
    nothing(
        [begin for begin in TYPED[file] if not any(text.startswith(begin) for text in there)],
        f"no text in snippets/experiments/{file} begins like this any more: delete it from tests/docs/unmeasured.py:",
    )


# A hand edit of a number turns these tests red.

TYPED_VALUE = "eight are 7.9 times as fast"
TITLE = re.compile(r"!\[[^\]]+\](?=\(figure:)")
DESCRIPTION = re.compile(r"(?m)^description: ")
HEADING = re.compile(r"(?m)^## When NOT to use workers")
HAND_EDITS = [
    ("a claim’s value, guide 1", GUIDE_1, CLAIM, "{value}", TYPED_VALUE),
    ("a claim’s value, guide 2", GUIDE_2, CLAIM, "{value}", TYPED_VALUE),
    ("a claim’s value, front page", "index.md", CLAIM, "{value}", TYPED_VALUE),
    ("a claim’s words", GUIDE_1, CLAIM, "", "two more made it slower"),
    ("a measured value", GUIDE_1, MEASURED, "{", "2.9 ms"),
    ("alt text", GUIDE_1, TITLE, "", "![Sprites are 2 times slower from cold pages]"),
    ("a heading", GUIDE_1, HEADING, "", "## When workers are 40 % slower"),
    ("a description", "index.md", DESCRIPTION, "", "description: Load 8 times faster. "),
]


@pytest.mark.parametrize(
    ("page", "there", "holds", "typed"), [edit[1:] for edit in HAND_EDITS], ids=[edit[0] for edit in HAND_EDITS]
)
def test_a_number_that_was_typed_is_found(page: str, there: re.Pattern[str], holds: str, typed: str) -> None:
    """In place of the first such link whose sentence has no reason of its own."""
    text = source(page)
    before = {*without_reason(page, text)}
    edits = (f"{text[: link.start()]}{typed}{text[link.end() :]}" for link in there.finditer(text) if holds in link[0])
    assert any({*without_reason(page, edit)} - before for edit in edits)


def test_a_number_in_a_table_is_found() -> None:
    table = "\n\n| Workers | Speed-up |\n| --- | --- |\n| four | 3.9 times |\n"
    assert without_reason(GUIDE_1, source(GUIDE_1) + table) != []


def test_a_number_in_a_caption_is_found(tmp_path: Path) -> None:
    file = SNIPPETS / "experiments" / "scaling" / "show.py"
    text = file.read_text(encoding="utf-8")
    for old, new in (("{say['waiting_8']}", "7.9 times"), ('"times as fast as 0 workers"', '"up to 8 times as fast"')):
        assert text.count(old) == 1
        (tmp_path / "show.py").write_text(text.replace(old, new), encoding="utf-8")
        found = [said for said, _ in unbound_in_texts(tmp_path / "show.py")]
        assert [said for said in found if not any(said.startswith(begin) for begin in TYPED["scaling/show.py"])] != []


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("It took 3 s.", ["3 s"]),
        ("Half as much, quicker.", ["Half as", "quicker"]),
        ("Twice as fast, 40 % of it.", ["40 %", "Twice as"]),
        ("With four workers `num_workers=4` is set.", []),
        ("It is [{value} as fast](claim:a) as [{other}](measured:b).", []),
        ("Under Python 3.14 and torch 2.13, worker 3.", []),
        ("See [the 3 % rule](#rules), and the 3 others.", ["3 %"]),
        ('The first version said "4 times faster".', []),
    ],
)
def test_what_counts_as_unbound(sentence: str, found: list[str]) -> None:
    assert unbound(sentence) == found


def method_numbers() -> Iterator[tuple[str, str]]:
    """How the method page says each constant of the code that judges."""
    yield "rules.CAPACITY", f"at least {rules.CAPACITY:g} cores' worth"
    yield "SPIN_SECONDS", f"count for {SPIN_SECONDS * 1000:.0f} ms"
    yield "rules.STEAL", f"gave at most {rules.STEAL:.0%}".replace("%", " %")
    yield "rules.THROTTLED", f"used up in at most {rules.THROTTLED:.0%}".replace("%", " %")
    yield "rules.ALIKE", f"does not lie more than {rules.ALIKE - 1:.0%} away".replace("%", " %")
    yield "rules.AGREE", f"than a factor of {rules.AGREE:g}"
    yield "rules.SPREAD", f"no wider than a factor of {rules.SPREAD:g}"
    yield "rules.MARGIN", f"up to {rules.MARGIN:g} times the distance"
    yield "rules.BIAS", {0.5: "distance is at least twice as large"}[rules.BIAS]
    yield "rules.PASSES, rules.AGREEING", {(3, 2): "at least two of three passes"}[rules.PASSES, rules.AGREEING]
    yield "rules.NOISY_SHARE", f"more than {rules.NOISY_SHARE:.0%}".replace("%", " %")
    yield "rules.ACCEPTED_DAYS", f"{rules.ACCEPTED_DAYS} days"
    yield "rules.ELSEWHERE_DAYS", f"for longer than {rules.ELSEWHERE_DAYS} days"


def test_the_method_page_speaks_of_each_rule() -> None:
    spoken_of = {name.strip() for names, _ in method_numbers() for name in names.split(",")}
    nothing(
        {f"rules.{name}" for name in vars(rules) if name.isupper()} - spoken_of,
        "rules that docs/reference/method.md does not say; say them there, and how in method_numbers:",
    )


@pytest.mark.parametrize(("constant", "said"), [*method_numbers()])
def test_the_method_page_says_what_the_code_does(constant: str, said: str) -> None:
    assert re.sub(r"\s+", " ", (DOCS / "reference" / "method.md").read_text(encoding="utf-8")).count(said) == 1, (
        constant
    )
