"""What stops a build, what stops a publication, and by whose results a claim is judged."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from snippets.lab.judging import accepted, rulings
from snippets.lab.judging import claims as claimed
from snippets.lab.judging.accepted import Accepted
from snippets.lab.judging.claim import Claim, Statistic, Tier, at_least, exactly, value
from snippets.lab.judging.claims import claim_ids
from snippets.lab.judging.judge import Judgement
from snippets.lab.judging.rules import ACCEPTED_DAYS, ELSEWHERE_DAYS
from snippets.lab.judging.rulings import Ruling, problems_of_publishing, rulings_everywhere
from snippets.lab.judging.verdict import Verdict
from snippets.lab.machine.machine import this_machine
from snippets.lab.machine.surroundings import Surroundings
from snippets.lab.markdown import shown, verdicts
from snippets.lab.markdown.sentences import Mention
from snippets.lab.markdown.shown import UnknownName
from snippets.lab.markdown.verdicts import as_read, problems, ruling
from snippets.lab.results.held import MachineResults, machine_words
from snippets.lab.results.results import Measured, Results, RoundSample
from snippets.lab.results.stats import Estimate
from tests.lab.made import ABSENT, ThatDay, measured
from tests.lab.made import results as made

TODAY = date(2026, 1, 31)
FAST = Claim("fast", value("the total", "alone"), at_least(5.0), "Why.")
SURE = measured(again=None)


def ruled(verdict: Verdict, found: Estimate | None = None, claim: Claim = FAST) -> Ruling:
    held = made(one=SURE)
    return Ruling("in-memory", claim, Judgement(verdict, "" if found else "the reason", found), held, SURE)


HOLDS = ruled(Verdict.HOLDS, Estimate(7.0, 6.5, 7.5, 7))
NOISY = ruled(Verdict.TOO_NOISY)


def old(day: str) -> dict[str, Accepted]:
    return {"fast": Accepted("7.0 times (6.5 to 7.5)", "7.0 times", day, "a machine")}


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """One page speaks of the claim."""
    mention = Mention("fast", "guides/a.md", 12, "It is [{value} as fast](claim:fast) as `none`.")
    monkeypatch.setattr(verdicts, "mentions", lambda: {"fast": [mention]})
    monkeypatch.setattr(verdicts, "ruling", lambda name: ruled(Verdict.CONTRADICTED, Estimate(3.0, 2.9, 3.1, 21)))


# What stops a build.


def test_a_contradicted_claim_names_everything_that_one_needs_to_know(pages: None) -> None:
    """What holds, or cannot be told, stops nothing."""
    others = [HOLDS, NOISY, ruled(Verdict.NOT_HERE)]
    (said,) = problems([*others, ruled(Verdict.CONTRADICTED, Estimate(3.0, 2.9, 3.1, 21))])
    raw, said = said, said.replace("\u00a0", " ")
    assert said.startswith("contradicted: fast\n")
    assert "docs/guides/a.md:12: It is 3.0 times as fast as none." in said
    assert "the total must be at least 5.0 times." in said
    assert "It was 3.0 times (2.9 to 3.1), n = 21, on " in said and machine_words(this_machine()) in raw
    assert "measure --only in-memory), mend snippets/experiments/in_memory/measure.py, or change the sentence" in said
    assert said.endswith("snippets/experiments/in_memory/claims.py.")


def test_an_errored_claim_says_why(pages: None) -> None:
    (said,) = problems([ruled(Verdict.ERRORED)])
    assert said.startswith("errored: fast\n") and "the reason." in said and "It was" not in said


# What stops a publication.

NOT_HERE, ELSEWHERE = ruled(Verdict.NOT_HERE), replace(NOISY, own=False, file="docs/results/gpu.json")
UNFIT = "the environment is unfit: 4 of 10 claims are too noisy to tell"
OLD_ENOUGH, TOO_OLD = ((TODAY - timedelta(days=days)).isoformat() for days in (ACCEPTED_DAYS, ACCEPTED_DAYS + 1))
OLD = f"last accepted on {TOO_OLD}: fast (the reason). Measure on a quieter machine, mend"


@pytest.mark.parametrize(
    ("found", "accepted_on", "said"),
    [
        ([HOLDS] * 7 + [NOISY] * 3, OLD_ENOUGH, ""),
        ([HOLDS] * 6 + [NOISY] * 4, "2026-01-30", UNFIT),
        # What is not measured here, and what another machine cannot tell, counts neither way.
        ([HOLDS] * 6 + [NOISY] * 4 + [NOT_HERE] * 90, "2026-01-30", UNFIT),
        ([HOLDS] * 6 + [ELSEWHERE] * 40, "2025-06-01", ""),
        ([HOLDS] * 9 + [NOISY], OLD_ENOUGH, ""),
        ([HOLDS] * 9 + [NOISY], TOO_OLD, OLD),
        # The first publication of a claim needs no accepted value. Its sentence then has its second wording.
        ([HOLDS] * 9 + [NOISY], None, ""),
    ],
)
def test_what_stops_a_publication(found: list[Ruling], accepted_on: str | None, said: str) -> None:
    problems = problems_of_publishing(found, old(accepted_on) if accepted_on else {}, TODAY)
    assert len(problems) == bool(said) and said in "".join(problems)


def test_after_a_month_without_a_publication_age_says_nothing() -> None:
    """All accepted values are old then, and to refuse each that is noisy today would stop all publications to come."""
    assert problems_of_publishing([HOLDS] * 9 + [NOISY], old("2025-06-01"), TODAY, published_since=False) == []


# Which machine speaks.


@pytest.fixture
def machines(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Results of this machine and of others, newest first, for one experiment with the claims given."""

    def of(*held: Results, claims: tuple[Claim, ...] = (FAST,)) -> None:
        for module in (rulings, shown):
            monkeypatch.setattr(
                module,
                "all_results",
                lambda: [MachineResults(each, "attested" if at else "own") for at, each in enumerate(held)],
            )
        for module in (claimed, shown):
            monkeypatch.setattr(module, "experiment_names", lambda: ["one"])
        monkeypatch.setattr(claimed, "claims", lambda name: claims)
        monkeypatch.setattr(shown, "date", ThatDay)

    return of


def on(tier: Tier, one: Measured) -> Results:
    return replace(made(one=one), tier=tier)


def test_the_pages_show_the_verdict_of_the_result_that_they_show(machines: Callable[..., None]) -> None:
    machines(on("cpu", ABSENT), on("gpu", SURE))
    assert ruling("fast").judgement.verdict == "holds"
    assert [each.judgement.verdict for each in rulings_everywhere("fast")] == ["not measured here", "holds"]
    assert [each.own for each in rulings_everywhere("fast")] == [True, False] and not ruling("fast").own


def test_what_is_too_old_elsewhere_gives_no_verdict_and_stays_a_row(machines: Callable[..., None]) -> None:
    old = replace(SURE, measured_at="2020-01-01T03:04:05+00:00")
    machines(on("cpu", ABSENT), on("gpu", old))
    assert ruling("fast").judgement == Judgement(
        Verdict.NOT_HERE, f"{ABSENT.reason}; it was measured elsewhere, more than {ELSEWHERE_DAYS} days ago"
    )
    assert [each.judgement.verdict for each in rulings_everywhere("fast")] == ["not measured here", "holds"]


def test_a_claim_of_another_tier(machines: Callable[..., None]) -> None:
    machines(on("cpu", SURE), claims=(replace(FAST, tiers=("gpu",)),))
    assert ruling("fast").judgement == Judgement(Verdict.NOT_HERE, "it speaks of machines with a GPU")


# What stands in for what this build cannot tell.

SHAKEN = measured(again=None, surroundings=[Surroundings([2.0] * 7, 0.5, None)])


@pytest.fixture
def accept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Nothing was accepted before, until a value of that day is."""
    path = tmp_path / "accepted.json"
    monkeypatch.setattr(verdicts, "ACCEPTED", path)
    monkeypatch.setattr(verdicts, "date", ThatDay)
    monkeypatch.setattr(rulings, "experiment_hash", lambda name, form: SURE.source_hash)
    return lambda day: accepted.write(old(day), path)


def said() -> tuple[str, str]:
    """The verdict of this build, and what is said for it."""
    found = ruling("fast")
    wording = verdicts.wording_of_claim(found)
    return found.judgement.verdict, f"{(wording.values or {}).get('value')} {wording.behind}"


def test_a_reference_stands_in_for_what_is_too_noisy_here(
    machines: Callable[..., None], accept: Callable[[str], None]
) -> None:
    """The verdict stays this build's; its own accepted value comes first, as long as it may."""
    elsewhere = replace(on("cpu", SURE), machine=replace(this_machine(), cpu="EPYC"))
    machines(on("cpu", SHAKEN), elsewhere)
    assert said() == ("too noisy to tell", "6.3\u00a0times on EPYC, 2026-01-02")
    accept("2025-12-03")
    assert said() == ("too noisy to tell", "7.0 times on a machine, 2025-12-03")
    accept("2025-12-02")
    assert said()[1].endswith("on EPYC, 2026-01-02")


def test_nothing_stands_in_where_each_day_draws_other_workloads(
    machines: Callable[..., None], accept: Callable[[str], None]
) -> None:
    """Else “99 %” of yesterday's workloads stands above a table of today's with 94."""
    drawn = {**SURE.params, "drawn_on": "2026-01-02"}
    accept("2026-01-01")
    machines(on("cpu", replace(SHAKEN, params=drawn)), on("cpu", replace(SURE, params=drawn)))
    assert said() == ("too noisy to tell", "None ")
    machines(on("cpu", replace(SURE, params=drawn)))
    assert said() == ("holds", "6.3\u00a0times ")


@pytest.mark.parametrize(
    "elsewhere",
    [SHAKEN, measured(again=None, source_hash="feedbeef"), measured(measured_at="2020-01-01T03:04:05+00:00")],
)
def test_what_is_noisy_older_code_or_old_elsewhere_stands_in_for_nothing(
    machines: Callable[..., None], accept: Callable[[str], None], elsewhere: Measured
) -> None:
    machines(on("cpu", SHAKEN), on("cpu", elsewhere))
    assert said() == ("too noisy to tell", "None ")


def test_what_contradicts_a_claim_elsewhere_is_no_value_for_it(
    machines: Callable[..., None], accept: Callable[[str], None]
) -> None:
    machines(on("cpu", SHAKEN), on("cpu", measured(**seconds(3.0))))
    assert [each.judgement.verdict for each in rulings_everywhere("fast")] == ["too noisy to tell", "contradicted"]
    assert said() == ("too noisy to tell", "None ")


def test_nobody_hides_a_failure_or_a_contradiction(
    machines: Callable[..., None], accept: Callable[[str], None]
) -> None:
    failed = replace(ABSENT, status="error", reason="LookupError")
    for own, verdict in ((failed, "errored"), (measured(**seconds(3.0)), "contradicted")):
        accept("2026-01-01")
        machines(on("cpu", own), on("cpu", SURE))
        assert said()[0] == verdict and "machine" not in said()[1] and ruling("fast").own


def test_where_a_claim_does_not_speak_of_this_machine_another_decides_it(
    machines: Callable[..., None], accept: Callable[[str], None]
) -> None:
    """As of workers that are forked, where they are not."""
    spawned = measured(again=None, start_method="spawn")
    machines(on("cpu", spawned), on("cpu", SURE), claims=(replace(FAST, start_methods=("fork",)),))
    assert (ruling("fast").judgement.verdict, ruling("fast").own) == ("holds", False)
    assert rulings_everywhere("fast")[0].judgement.verdict == "not measured here"
    assert problems([ruling("fast")]) == []


# Five files that a machine with a GPU may have left in docs/results. None was measured: they were made up here.


def seconds(taken: float, arm: str = "alone", value: str = "total") -> dict[str, Any]:
    """Three passes and a confirming one, in each round of which the arm took so long, give or take a little."""
    each = [RoundSample(n, at, arm, {value: taken * (1 + at / 1000)}) for n in range(4) for at in range(7)]
    samples, confirmation = ([s for s in each if (s.pass_ == 3) == last] for last in (False, True))
    around = [Surroundings([8.0] * 7, 0.0, None)] * 4
    return {"samples": samples, "confirmation": confirmation, "surroundings": around, "passes": 3}


NOISE = {"surroundings": [Surroundings([8.0] * 7, 0.5, None)] * 4}
LEFT = {
    "holds": ({**seconds(7.0)}, "holds", ""),
    "contradicted": ({**seconds(3.0)}, "contradicted", ""),
    "too noisy": ({**seconds(7.0), **NOISE}, "too noisy to tell", "the hypervisor gave"),
    "arm renamed": ({**seconds(7.0, arm="by itself"), "source_hash": "feedbeef"}, "not measured here", "older code"),
    "value renamed": ({**seconds(7.0, value="took"), "source_hash": "feedbeef"}, "not measured here", "older code"),
    "arm of this code": ({**seconds(7.0, arm="by itself")}, "not measured here", "not whole"),
}


@pytest.mark.parametrize("case", LEFT)
def test_what_a_gpu_machine_left_stops_no_build_and_no_publication(
    machines: Callable[..., None], monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    changed, verdict, reason = LEFT[case]
    monkeypatch.setattr(rulings, "experiment_hash", lambda name, form: measured().source_hash)
    gpu = replace(on("gpu", measured(**changed)), machine=replace(this_machine(), gpu="NVIDIA H100", affinity=8))
    machines(on("cpu", ABSENT), gpu, claims=(replace(FAST, tiers=("gpu",)),))
    (found,) = verdicts.rulings()
    assert (found.judgement.verdict, found.own) == (verdict, False)
    assert reason in found.judgement.reason
    assert problems([found]) == problems_of_publishing([found], old("2025-06-01"), TODAY) == []
    assert [each.claim.id for each in verdicts.contradicted_elsewhere()] == (["fast"] if case == "contradicted" else [])


def test_what_failed_on_another_machine_is_not_measured_here(machines: Callable[..., None]) -> None:
    machines(on("cpu", SURE), on("gpu", measured(status="error", reason="CUDA error", samples=[], passes=0)))
    assert rulings_everywhere("fast")[1].judgement == Judgement(Verdict.NOT_HERE, "it failed there")


@pytest.mark.parametrize("error", [AttributeError, StopIteration, KeyError, RuntimeError, AssertionError])
def test_whatever_a_strangers_file_does_to_a_claim_it_stops_nothing(
    machines: Callable[..., None], monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """A parameter may be a number where the claim takes it apart as text."""

    def statistic(result: Measured) -> list[float]:
        raise error("odd")

    monkeypatch.setattr(rulings, "experiment_hash", lambda name, form: measured().source_hash)
    machines(on("cpu", SURE), on("cpu", SURE), claims=(replace(FAST, statistic=Statistic("it", statistic)),))
    assert [each.judgement.verdict for each in rulings_everywhere("fast")] == ["errored", "not measured here"]


def test_who_adds_a_file_is_told_what_it_contradicts(
    machines: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = 'It is [{value} as fast](claim:fast "fast") as [{other}](measured:b), see [c](claim:c).'
    monkeypatch.setattr(verdicts, "mentions", lambda: {"fast": [Mention("fast", "guides/a.md", 12, other)]})
    machines(claims=(FAST, replace(FAST, id="slow", bounds=at_least(1.0)), replace(FAST, id="cpu", tiers=("cpu",))))
    held = MachineResults(on("gpu", measured(**seconds(3.0))), "contributed", "my-machine.json")
    (said,) = verdicts.contradictions(held)
    assert said.replace("\u00a0", " ") == (
        "contradicted: fast: the total must be at least 5.0 times, and was 3.0 times\n"
        "  docs/guides/a.md:12: It is 3.0 times as fast as …, see c."
    )


def test_an_unknown_claim(machines: Callable[..., None]) -> None:
    machines(on("cpu", SURE))
    with pytest.raises(UnknownName, match="no claim 'slow'; there are: fast"):
        ruling("slow")


def test_two_claims_of_one_name(machines: Callable[..., None]) -> None:
    machines(on("cpu", SURE), claims=(FAST, FAST))
    with pytest.raises(ValueError, match="both have a claim 'fast'"):
        claim_ids()


def test_how_a_value_and_its_interval_are_said() -> None:
    assert HOLDS.interval == "7.0\u00a0times (6.5 to 7.5)"
    counted = Claim("count", Statistic("it", lambda r: []), exactly(8), "Why.", say=lambda v: f"{v:g}")
    assert ruled(Verdict.HOLDS, Estimate(8, 8, 8, 1), counted).interval == "8"
    mixed = replace(FAST, say=lambda v: f"{v:g}\u00a0{'ms' if v < 7 else 's'}")
    assert ruled(Verdict.HOLDS, Estimate(7, 6, 8, 7), mixed).interval == "7\u00a0s (6\u00a0ms to 8\u00a0s)"
    assert NOISY.interval == NOISY.said == ""


def test_a_sentence_as_its_readers_see_it(pages: None) -> None:
    text = "So **[{value} as fast](claim:fast)** as `num_workers=0`, [see](a.md), in _steady_ `__init__`."
    assert as_read(text).replace("\u00a0", " ") == "So 3.0 times as fast as num_workers=0, see, in steady __init__."
