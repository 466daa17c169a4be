"""What a figure says where its numbers are too noisy to tell: no number; the table has them."""

from dataclasses import replace

import pytest

from snippets.lab.figures.figure import Bar, BarGroup, Bars, Figure, Table
from snippets.lab.judging.claim import Claim, at_least, at_most, ratio
from snippets.lab.judging.judge import Judgement
from snippets.lab.judging.rulings import Ruling
from snippets.lab.judging.verdict import Verdict
from snippets.lab.markdown import captions
from snippets.lab.markdown.captions import TOO_NOISY, figure_of
from snippets.lab.markdown.shown import Shown
from snippets.lab.numbers import percent
from snippets.lab.results.results import Measured, RoundSample
from snippets.lab.results.stats import Estimate
from tests.lab.made import measured
from tests.lab.made import results as made

FAST = Claim("fast", ratio("alone over helped", "alone", "helped"), at_least(1.1), "Why.")
SHARE = Claim("share", ratio("helped over alone", "helped", "alone"), at_most(0.9), "Why.", say=percent)
CHART = Bars("s", "lower", (BarGroup("", (Bar("one", Estimate(1, 1, 1, 7), "fetch"),)),))


def ran(again: float = 1.0, helped: float = 0.5) -> Measured:
    """Seven rounds of two arms, the first of them twice: then it seems so much slower than itself in one round."""
    samples = [
        RoundSample(0, number, arm, {"total": seconds})
        for number in range(7)
        for arm, seconds in (("alone", 1.0), ("alone (again)", again if number == 3 else 1.0), ("helped", helped))
    ]
    return measured(samples=samples, again="alone")


def said(
    monkeypatch: pytest.MonkeyPatch, message: str, verdict: Verdict = Verdict.HOLDS, one: Measured | None = None
) -> str:
    """What the figure says where both claims have this verdict."""
    one = one or ran()
    held = made(one=one)
    monkeypatch.setattr(Shown, "figure", lambda self: Figure(message, CHART, Table(("",), (("1",),))))
    monkeypatch.setattr(captions, "claims", lambda name: (FAST, SHARE))
    rulings = {claim.id: Ruling("one", claim, Judgement(verdict, "why"), held, one) for claim in (FAST, SHARE)}
    monkeypatch.setattr(captions, "ruling", lambda name: rulings[name])
    found = figure_of(Shown("one", one, held))
    assert (found.chart, found.table.rows) == (CHART, (("1",),)), "the numbers stay"
    return found.message


@pytest.mark.parametrize("message", ["It is 2.0\u00a0times as fast.", "It takes 50\u00a0%.", "50\u00a0%, 1 ms and 7.5"])
def test_a_value_that_is_too_noisy_to_tell_is_not_said(monkeypatch: pytest.MonkeyPatch, message: str) -> None:
    assert said(monkeypatch, message, Verdict.TOO_NOISY) == TOO_NOISY
    assert said(monkeypatch, message, Verdict.HOLDS) == said(monkeypatch, message, Verdict.CONTRADICTED) == message


def test_neither_are_both_numbers_that_it_compares(monkeypatch: pytest.MonkeyPatch) -> None:
    """In whatever unit: seconds stand in a figure as milliseconds, too."""
    samples = [replace(each, values={"total": 0.0508 * each.values["total"]}) for each in ran(helped=0.638).samples]
    apart = replace(ran(), samples=samples)
    both = "50.8\u00a0ms without workers, 32.4\u00a0ms with one."
    assert said(monkeypatch, both, Verdict.TOO_NOISY, apart) == TOO_NOISY
    assert said(monkeypatch, both, Verdict.HOLDS, apart) == both
    assert said(monkeypatch, "50.8\u00a0ms without.", Verdict.TOO_NOISY, apart) == "50.8\u00a0ms without."


@pytest.mark.parametrize(
    "message", ["It took 1 s.", "It is 12.0\u00a0times as fast.", "It takes 150\u00a0% or 0.50\u00a0%."]
)
def test_other_numbers_stay(monkeypatch: pytest.MonkeyPatch, message: str) -> None:
    assert said(monkeypatch, message, Verdict.TOO_NOISY) == message


def test_a_difference_that_one_arm_has_from_itself_is_not_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of which no claim need speak: the line below the figure says what the machine resolved."""
    wild = ran(again=1.97)
    for within in ("1.7\u00a0times as much", "2.4\u00a0times, then 0.6\u00a0times", "1.0\u00a0times"):
        assert said(monkeypatch, within, one=wild) == TOO_NOISY
        assert said(monkeypatch, within, one=ran(again=1.06)) == within
    for beyond in ("2.4\u00a0times as much", "0.4\u00a0times", "1,200\u00a0times", "It took 1.7\u00a0s"):
        assert said(monkeypatch, beyond, one=wild) == beyond


def test_one_arm_need_not_have_run_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(monkeypatch, "1.1\u00a0times", one=replace(ran(), again=None)) == "1.1\u00a0times"
