"""What the ledger says of a value that another machine measured: on which one, and when.

That each claim and each statement has its card or row: tests/docs/test_claims.py.
"""

from dataclasses import replace

import pytest

from snippets.lab.judging import rulings
from snippets.lab.judging.claim import Claim, Statement, at_least, value
from snippets.lab.judging.judge import Judgement
from snippets.lab.judging.rulings import Ruling
from snippets.lab.judging.verdict import Finding, Verdict
from snippets.lab.markdown import ledger
from snippets.lab.results.stats import Estimate
from tests.lab.made import measured
from tests.lab.made import results as made

FAST = Claim("fast", value("the total", "alone"), at_least(5.0), "Why.")
ONE = measured()
HELD = made(one=ONE)
GPU = replace(HELD, machine=replace(HELD.machine, gpu="NVIDIA H100"))
HOLDS = Judgement(Verdict.HOLDS, "", Estimate(7, 6.5, 7.5, 7))
NOT_HERE = Judgement(Verdict.NOT_HERE, "no GPU", None)
NOISY = Judgement(Verdict.TOO_NOISY, "the reason", None)
OWN, ELSEWHERE = Ruling("one", FAST, HOLDS, HELD, ONE), Ruling("one", FAST, HOLDS, GPU, ONE, own=False)
STATEMENT = Statement("It is fast.", "The guide", ("fast",), where="here")


@pytest.fixture(autouse=True)
def this_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rulings, "experiment_hash", lambda name, form: ONE.source_hash)


@pytest.mark.parametrize(
    ("ruling", "said"),
    [
        (OWN, "fast 7.0 times (6.5 to 7.5)"),
        (ELSEWHERE, "fast 7.0 times (6.5 to 7.5) (on NVIDIA H100, 2026-01-02)"),
        (replace(ELSEWHERE, judgement=NOISY), "fast too noisy to tell"),
    ],
)
def test_a_statement_is_told_with_the_machine_of_its_value(
    monkeypatch: pytest.MonkeyPatch, ruling: Ruling, said: str
) -> None:
    monkeypatch.setattr(ledger, "statements", lambda: [STATEMENT])
    monkeypatch.setattr(ledger, "finding", lambda statement: (Finding.HOLDS, [ruling]))
    cell = ledger.statements_element().find(".//div[@class='nw-by']")
    assert cell is not None and "".join(cell.itertext()).replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("now", "day", "said"),
    [
        (ONE.source_hash, "2026-01-02", "n = 7"),
        (ONE.source_hash, "2026-01-01", "2026-01-01"),
        ("new", "2026-01-02", "2026-01-02 (with older code)"),
    ],
)
def test_a_card_says_when_it_was_measured_and_whether_with_older_code(
    monkeypatch: pytest.MonkeyPatch, now: str, day: str, said: str
) -> None:
    """Where that is not the day that the page about machines gives. Of this machine, a build has none but of its own
    code.
    """
    monkeypatch.setattr(rulings, "experiment_hash", lambda name, form: now)
    then = replace(ELSEWHERE, measured=replace(ONE, measured_at=f"{day}T03:04:05+00:00"))
    lines = machines_of_a_card(monkeypatch, [OWN, then])
    assert [line.rpartition(", ")[2].rpartition("; ")[2] for line in lines] == ["n = 7", said]


@pytest.mark.parametrize(
    ("methods", "said"),
    [((), "Why."), (("fork", "forkserver"), "Why. It speaks of workers that are forked or forked from a server.")],
)
def test_a_card_says_of_which_workers_its_claim_speaks(
    monkeypatch: pytest.MonkeyPatch, methods: tuple[str, ...], said: str
) -> None:
    monkeypatch.setattr(ledger, "_by_machine", lambda card, claim: None)
    monkeypatch.setattr(ledger, "_links", lambda card, claim, places: None)
    monkeypatch.setattr(ledger.verdicts, "ruling", lambda _: replace(OWN, claim=replace(FAST, start_methods=methods)))
    assert "".join(ledger._card("fast", []).itertext()).endswith(said)


def test_another_machine_that_has_not_measured_it_has_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor has this build's own, unless its row has no value: then it says why. Machines keep their numbers."""
    nothing = replace(OWN, measured=replace(ONE, status="unavailable"), judgement=NOT_HERE)
    elsewhere = replace(ELSEWHERE, measured=None)
    lines = machines_of_a_card(monkeypatch, [nothing, elsewhere, ELSEWHERE], in_row=ELSEWHERE)
    assert [line.partition(":")[0] for line in lines] == ["Machine 3, NVIDIA H100"]
    lines = machines_of_a_card(monkeypatch, [nothing, elsewhere], in_row=nothing)
    assert lines == ["This build’s machine: not measured here"]


def machines_of_a_card(monkeypatch: pytest.MonkeyPatch, by_machine: list[Ruling], in_row: Ruling = OWN) -> list[str]:
    monkeypatch.setattr(ledger, "rulings_everywhere", lambda claim: by_machine)
    monkeypatch.setattr(ledger.verdicts, "ruling", lambda claim: in_row)
    monkeypatch.setattr(ledger, "_links", lambda card, claim, places: None)
    return [str(line.text) for line in ledger._card("fast", []).iter("li")]


@pytest.mark.parametrize(
    ("by_machine", "said"),
    [
        ([OWN], "7.0 times (6.5 to 7.5)"),
        ([OWN, replace(ELSEWHERE, judgement=NOISY)], "7.0 times (6.5 to 7.5)\n(1 of 2 machines)"),
        ([OWN, ELSEWHERE, replace(ELSEWHERE, judgement=NOT_HERE)], "7.0 times (6.5 to 7.5)\n(2 of 2 machines)"),
    ],
)
def test_a_row_says_on_how_many_machines_it_holds_where_there_are_more(
    monkeypatch: pytest.MonkeyPatch, by_machine: list[Ruling], said: str
) -> None:
    machines_of_a_card(monkeypatch, by_machine)
    row = ledger._row("fast", [])
    assert [str(cell.text).replace("\u00a0", " ") for cell in row[1:]] == ["holds", said, "one", ""]


def test_a_card_does_not_say_again_what_its_row_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of this build's own: the reason of a noisy one is long, and on a noisy machine there are many."""
    noisy = replace(OWN, judgement=NOISY)
    monkeypatch.setattr(ledger, "rulings_everywhere", lambda claim: [noisy, ELSEWHERE])
    monkeypatch.setattr(ledger.verdicts, "ruling", lambda claim: noisy)
    monkeypatch.setattr(ledger, "_links", lambda card, claim, places: None)
    own, other = ledger._card("fast", []).iter("li")
    assert own.text == "This build’s machine: too noisy to tell"
    assert str(other.text).replace("\u00a0", " ").startswith("Machine 2, NVIDIA H100: holds; 7.0 times (6.5 to 7.5)")


def test_a_card_grows_with_machines_that_contradict_it_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two hundred claims, a line for each machine would make the page too heavy after a few contributions."""
    other, contradicts = Judgement(Verdict.HOLDS, "", Estimate(8, 7, 9, 3)), Judgement(Verdict.CONTRADICTED, "", None)
    everywhere = [OWN]
    for cores, judgement in enumerate((HOLDS, other, contradicts, NOISY, contradicts), start=3):
        machine = replace(HELD, machine=replace(HELD.machine, cores=cores))
        everywhere.append(replace(ELSEWHERE, judgement=judgement, results=machine))
    lines = machines_of_a_card(monkeypatch, everywhere)
    assert [line.partition(";")[0] for line in lines] == [
        *("This build’s machine: holds", "Machine 2: holds"),
        *("Machine 4: contradicted", "Machine 6: contradicted"),
    ]
