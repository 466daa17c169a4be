"""What a link to a claim or a value becomes: its words, what stands behind them, and the detail in its title."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest
from bs4 import BeautifulSoup, Tag

from snippets.lab.judging import accepted, rulings
from snippets.lab.judging.accepted import Accepted
from snippets.lab.judging.claim import Claim, at_least, value
from snippets.lab.judging.judge import Judgement
from snippets.lab.judging.rulings import Ruling
from snippets.lab.judging.verdict import Verdict
from snippets.lab.markdown import marks, verdicts
from snippets.lab.markdown.marks import fill_claim, fill_measured, say_once
from snippets.lab.markdown.shown import Shown, UnknownName
from snippets.lab.markdown.verdicts import as_read
from snippets.lab.results.held import machine_words
from snippets.lab.results.stats import Estimate
from tests.lab.made import ABSENT, measured
from tests.lab.made import results as made
from tests.lab.markdown.test_figures import parsed

FAST = Claim("fast", value("the total", "alone"), at_least(5.0), "Why.")
ONE = measured()
HELD = made(one=ONE)
GPU = replace(HELD, machine=replace(HELD.machine, gpu="NVIDIA H100", cpu="EPYC"))
UNDECIDED: tuple[Verdict, ...] = (Verdict.TOO_NOISY, Verdict.NOT_HERE, Verdict.ERRORED)

WITH_SECOND = 'It is [eight are {value} as fast](claim:fast "workers may outnumber cores") here.'


def ruled(verdict: Verdict, own: bool = True, gpu: str | None = "NVIDIA H100") -> Ruling:
    decided = verdict in ("holds", "contradicted")
    judgement = Judgement(verdict, "" if decided else "the reason", Estimate(7, 6.5, 7.5, 7) if decided else None)
    results = HELD if own else replace(GPU, machine=replace(GPU.machine, gpu=gpu))
    return Ruling("one", FAST, judgement, results, ONE, own)


@pytest.fixture(autouse=True)
def accept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], str]:
    """Nothing was accepted before, until a value of so many days ago is."""
    monkeypatch.setattr(verdicts, "ACCEPTED", tmp_path / "accepted.json")
    monkeypatch.setattr(marks, "description", lambda name: f"/some.md#{name}")
    monkeypatch.setattr(verdicts, "telling", lambda name: [])
    monkeypatch.setattr(verdicts, "instead_of", lambda shown: [])
    monkeypatch.setattr(rulings, "experiment_hash", lambda name, form: ONE.source_hash)

    def of(days: int) -> str:
        day = (date.today() - timedelta(days=days)).isoformat()
        accepted.write({"fast": Accepted("6 times (5 to 7)", "6 times", day, "EPYC")}, tmp_path / "accepted.json")
        return day

    return of


def link(fill: Callable[[Element], None], words: str, second: str) -> Tag:
    element = fromstring(f'<a title="{second}">{words}</a>' if second else f"<a>{words}</a>")
    fill(element)
    found = parsed(element).a
    assert found
    return found


def claimed(
    ruling: Ruling, words: str = "eight are {value} as fast", second: str = "workers may outnumber cores"
) -> Tag:
    return link(lambda element: fill_claim(element, ruling), words, second)


def text(found: Tag) -> str:
    """What is seen, with a sign in brackets where the mark is."""
    copy = BeautifulSoup(str(found), "html.parser")
    for unseen in copy.select(".nw-unseen"):
        unseen.decompose()
    for sign in copy.select(".nw-mark"):
        sign.string = f"[{sign['class'][-1]}]"
    return copy.get_text().replace("\u00a0", " ")


def test_a_value_and_its_mark() -> None:
    found = claimed(ruled(Verdict.HOLDS))
    assert text(found) == "eight are 7.0 times as fast[nw-holds]"
    assert found["href"] == "/reference/claims.md#fast"
    assert str(found["title"]).replace("\u00a0", " ") == (
        "Holds: 7.0 times (6.5 to 7.5), n = 7, 2026-01-02. Must be at least 5.0 times."
    )


@pytest.mark.parametrize("verdict", UNDECIDED)
def test_without_a_value_the_second_wording_stands(verdict: Verdict) -> None:
    sign = {"too noisy to tell": "nw-noisy", "not measured here": "nw-absent-claim", "errored": "nw-errored"}[verdict]
    found = claimed(ruled(verdict), "eight are <em>{value}</em> as <code>fast</code>")
    assert text(found) == f"workers may outnumber cores[{sign}]"
    assert found["title"] == f"{verdict.capitalize()}: the reason. Must be at least 5.0\u00a0times."
    assert found.select_one(".nw-unseen") and f"(verdict: {verdict})" in found.get_text()


@pytest.mark.parametrize("verdict", UNDECIDED)
def test_without_a_second_wording_there_is_no_hole(verdict: Verdict) -> None:
    assert text(claimed(ruled(verdict), second="")).startswith("eight are as fast[nw-")
    assert text(claimed(ruled(verdict), "eight: <em>{value}</em>", "")).startswith("eight:[nw-")
    without = claimed(ruled(verdict), "four <code>keep</code> up", "")
    assert text(without).startswith("four keep up[nw-") and without.code


@pytest.mark.parametrize("verdict", UNDECIDED)
def test_a_cell_of_a_table_holds_the_mark_alone(verdict: Verdict) -> None:
    assert text(claimed(ruled(verdict), "{value} of the best", "–")).startswith("[nw-")


def test_an_accepted_value_stands_for_a_noisy_one_with_its_day(accept: Callable[[int], str]) -> None:
    day = accept(30)
    found = claimed(ruled(Verdict.TOO_NOISY))
    assert text(found) == f"eight are 6 times as fast (on EPYC, {day})[nw-noisy]"
    assert f"It held on {day}: 6 times (5 to 7), EPYC. Must be" in str(found["title"])


def test_an_accepted_value_that_is_too_old_stands_for_none(accept: Callable[[int], str]) -> None:
    accept(31)
    found = claimed(ruled(Verdict.TOO_NOISY))
    assert text(found) == "workers may outnumber cores[nw-noisy]"
    assert "It held" not in str(found["title"])


def test_an_accepted_value_stands_for_one_that_is_not_measured(accept: Callable[[int], str]) -> None:
    day = accept(1)
    assert text(claimed(ruled(Verdict.NOT_HERE))) == f"eight are 6 times as fast (on EPYC, {day})[nw-absent-claim]"


@pytest.mark.parametrize("verdict", [Verdict.HOLDS, Verdict.CONTRADICTED, Verdict.ERRORED])
def test_an_accepted_value_hides_neither_a_value_nor_a_failure(accept: Callable[[int], str], verdict: Verdict) -> None:
    accept(1)
    assert "6 times" not in text(claimed(ruled(verdict)))


def test_a_value_of_another_machine_says_so() -> None:
    found = claimed(ruled(Verdict.HOLDS, own=False))
    assert text(found) == "eight are 7.0 times as fast (on NVIDIA H100, 2026-01-02)[nw-holds]"
    assert f"n = 7, 2026-01-02, {machine_words(GPU.machine)}. Must be" in str(found["title"])
    assert "(on EPYC, 2026-01-02)" in text(claimed(ruled(Verdict.HOLDS, own=False, gpu=None)))
    assert "(on" not in text(claimed(ruled(Verdict.TOO_NOISY, own=False)))


# Values that are not claimed.


class Named(Shown):
    def values(self) -> dict[str, str]:
        return {"waited": "25 %", "forked": "", "scattered": "7 ms"}

    def resolved_values(self) -> dict[str, str]:
        return {**self.values(), "scattered": ""}


def valued(shown: Shown, words: str = "it waits for {waited}", second: str = "it waits") -> Tag:
    return link(lambda element: fill_measured(element, shown), words, second)


def test_a_measured_value() -> None:
    found = valued(Named("one", ONE, HELD))
    assert (text(found), found["href"]) == ("it waits for 25 %", "/some.md#one")
    assert found["title"] == "Measured: median of 7 rounds, 2026-01-02"
    once = Named("one", replace(ONE, passes=1, rounds=1), HELD)
    assert valued(once)["title"] == "Measured: once, 2026-01-02"


def test_a_value_that_was_not_measured() -> None:
    found = valued(Named("one", ABSENT, HELD))
    assert (text(found), found["title"]) == ("it waits[nw-absent-claim]", "Not measured here: no GPU")
    assert text(valued(Named("one", ABSENT, HELD), second="")) == "it waits for[nw-absent-claim]"


def test_a_value_that_this_system_cannot_have() -> None:
    found = valued(Named("one", ONE, GPU, own=False), "it waits for {forked}")
    assert text(found) == "it waits[nw-absent-claim]"
    assert found["title"] == "Not measured here: this system does not have it"


def test_a_value_that_scatters_is_too_noisy_to_tell() -> None:
    found = valued(Named("one", ONE, HELD), "it waits for {scattered}")
    assert text(found) == "it waits[nw-noisy]"
    assert str(found["title"]).startswith("Too noisy to tell: ")


class Sure(Named):
    def resolved_values(self) -> dict[str, str]:
        return self.values()


def test_a_value_that_another_machine_has_stands_in_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdicts, "instead_of", lambda shown: [Named("one", ABSENT, GPU, own=False), SURE_ELSEWHERE])
    for own in (Named("one", ONE, HELD), Named("one", ABSENT, HELD)):
        found = valued(own, "it waits for {scattered}")
        assert text(found) == "it waits for 7 ms (on NVIDIA H100, 2026-01-02)"
        assert str(found["title"]).endswith(machine_words(GPU.machine))
    assert text(valued(Named("one", ONE, HELD), "it waits for {waited}")) == "it waits for 25 %", "this build knows it"
    assert (
        text(valued(Named("one", ONE, HELD), "it waits for {forked}")) == "it waits[nw-absent-claim]"
    )  # nobody has it
    monkeypatch.setattr(verdicts, "shown", lambda name: Named("one", ONE, HELD))
    quoted = as_read('It [waits for {scattered}](measured:one "waits").')
    assert quoted == "It waits for 7 ms (on NVIDIA H100, 2026-01-02)."


SURE_ELSEWHERE = Sure("one", ONE, GPU, own=False)


def test_a_measured_value_of_another_machine_says_so() -> None:
    found = valued(Named("one", ONE, GPU, own=False))
    assert text(found) == "it waits for 25 % (on NVIDIA H100, 2026-01-02)"
    assert str(found["title"]).endswith(f"7 rounds, 2026-01-02, {machine_words(GPU.machine)}")
    assert "(on" not in text(valued(Named("one", ABSENT, GPU, own=False)))


def test_a_value_of_older_code_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of another machine, for what this build measures is of this code."""
    older = "2026-01-02 (with older code)"
    assert older not in str(valued(Named("one", ONE, GPU, own=False))["title"])
    assert older not in str(claimed(ruled(Verdict.HOLDS, own=False))["title"])
    monkeypatch.setattr(rulings, "experiment_hash", lambda name, form: "feedbeef")
    assert older in str(valued(Named("one", ONE, GPU, own=False))["title"])
    assert older in str(claimed(ruled(Verdict.HOLDS, own=False))["title"])
    assert older not in str(claimed(ruled(Verdict.HOLDS))["title"])


def test_a_value_of_no_such_name() -> None:
    with pytest.raises(UnknownName, match="measured:one has no value 'waitd'; did you mean 'waited'?"):
        valued(Named("one", ONE, HELD), "{waitd}")


# Who quotes a page reads the same.


@pytest.mark.parametrize("verdict", UNDECIDED)
def test_a_quotation_has_the_second_wording(monkeypatch: pytest.MonkeyPatch, verdict: Verdict) -> None:
    monkeypatch.setattr(verdicts, "ruling", lambda name: ruled(verdict))
    assert as_read(WITH_SECOND) == "It is workers may outnumber cores here."


def test_a_quotation_says_the_day_or_the_machine(monkeypatch: pytest.MonkeyPatch, accept: Callable[[int], str]) -> None:
    monkeypatch.setattr(verdicts, "ruling", lambda name: ruled(Verdict.HOLDS, own=False))
    assert as_read(WITH_SECOND) == "It is eight are 7.0\u00a0times as fast (on NVIDIA H100, 2026-01-02) here."
    monkeypatch.setattr(verdicts, "ruling", lambda name: ruled(Verdict.TOO_NOISY))
    day = accept(3)
    assert as_read(WITH_SECOND) == f"It is eight are 6 times as fast (on EPYC, {day}) here."


def test_a_quotation_of_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdicts, "shown", lambda name: Named("one", ABSENT, HELD))
    quoted = 'It [waits for {waited}](measured:one "waits") then.'
    assert as_read(quoted) == "It waits then."
    monkeypatch.setattr(verdicts, "shown", lambda name: Named("one", ONE, GPU, own=False))
    assert as_read(quoted) == "It waits for 25 % (on NVIDIA H100, 2026-01-02) then."


ON_H100, ON_T4 = ('<span class="nw-behind"> (on H100, 2026-11-21)</span>', '<span class="nw-behind"> (on T4)</span>')


@pytest.mark.parametrize(
    ("behind", "once"),
    [
        ((ON_H100, ON_H100), True),
        ((ON_H100, ON_H100, ON_H100), True),
        ((ON_H100, ON_T4), False),
        ((ON_H100, ""), False),
        (("", ""), False),
        ((ON_H100,), False),
    ],
)
def test_one_machine_is_named_once_in_a_block_that_speaks_of_no_other(behind: tuple[str, ...], once: bool) -> None:
    classes = ("nw-claim", "nw-measured", "nw-claim")
    links = (f'It is <a class="{of}">fast{place}</a>, ' for of, place in zip(classes, behind, strict=False))
    block = fromstring(f"<p>{''.join(links)}<b>so</b>.</p>")
    said = "".join(block.itertext())
    say_once(block)
    words = "It is fast, " * len(behind) + "so. (All of this on H100, 2026-11-21.)"
    assert "".join(block.itertext()) == (words if once else said)
