"""From samples to a verdict, case by case; how often the rule errs is test_error_rates.py."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from snippets.lab.judging.claim import (
    Bounds,
    Claim,
    NotHere,
    Statistic,
    at_least,
    at_most,
    exactly,
    ratio,
    same_within,
    share_of_best,
    value,
)
from snippets.lab.judging.judge import all_decided, inside, judge, looks_wrong, outside
from snippets.lab.machine.machine import this_machine
from snippets.lab.machine.surroundings import Surroundings
from snippets.lab.results.results import Measured, RoundSample
from snippets.lab.results.stats import Estimate
from tests.lab.made import measured

MACHINE = replace(this_machine(), affinity=2, quota=None)
AROUND = Surroundings([2.0] * 7, 0.0, None)
STEADY = (1.0, 1.01, 0.99, 1.02, 0.98, 1.0, 1.0)


def told(*passes: float | Sequence[float], confirmation: float | None = None) -> Measured:
    """Passes in which `top` took so many times the 1 s of `bottom`: a little scattered, or as given."""

    def samples(number: int, taken: float | Sequence[float]) -> list[RoundSample]:
        rounds = taken if isinstance(taken, Sequence) else [taken * each for each in STEADY]
        return [
            RoundSample(number, at, arm, {"total": seconds})
            for at, one in enumerate(rounds)
            for arm, seconds in (("top", one), ("bottom", 1.0), ("bottom (again)", 1.0))
        ]

    count = len(passes) + (confirmation is not None)
    return measured(
        samples=[sample for number, taken in enumerate(passes) for sample in samples(number, taken)],
        confirmation=[] if confirmation is None else samples(len(passes), confirmation),
        surroundings=[AROUND] * count,
        passes=len(passes),
        again="bottom",
    )


def claim(bounds: Bounds, statistic: Statistic | None = None, **more: Any) -> Claim:
    return Claim("it", statistic or ratio("top over bottom", "top", "bottom"), bounds, "", **more)


@pytest.mark.parametrize(
    ("bounds", "found", "expected"),
    [
        (at_least(2.0), 3.0, "holds"),
        (at_least(2.0, beyond=4.0), 3.0, "holds"),
        (at_most(4.0), 3.0, "holds"),
        (same_within(1.1), 1.0, "holds"),
        (share_of_best(0.9), 0.98, "holds"),
        (at_least(3.0), 3.0, "too noisy to tell"),
        (at_most(3.0), 3.0, "too noisy to tell"),
        (same_within(1.02), 1.0, "too noisy to tell"),
        (same_within(1.1), 1.09, "too noisy to tell"),
    ],
)
def test_one_pass(bounds: Bounds, found: float, expected: str) -> None:
    judged = judge(claim(bounds), told(found), MACHINE)
    assert (judged.verdict, judged.value is not None) == (expected, expected == "holds")


@pytest.mark.parametrize(
    ("bounds", "found"),
    [(at_least(4.0), 3.0), (at_least(1.0, beyond=2.0), 3.0), (at_most(2.0), 3.0), (same_within(1.1), 1.3)],
    ids=["floor", "beyond what is possible", "ceiling", "not equivalent"],
)
def test_to_contradict_takes_three_passes_and_a_confirmation(bounds: Bounds, found: float) -> None:
    for passes, said in ((1, "after one pass;"), (2, "after 2 passes;"), (3, "no fresh pass has confirmed it")):
        result = told(*[found] * passes)
        judged = judge(claim(bounds), result, MACHINE)
        assert judged.verdict == "too noisy to tell" and said in judged.reason
        assert looks_wrong([claim(bounds)], result, MACHINE)
    judged = judge(claim(bounds), told(found, found, found, confirmation=found), MACHINE)
    assert judged.verdict == "contradicted"
    assert judged.value and judged.value.n == 21 and judged.value.median == pytest.approx(found)


def test_a_confirmation_that_does_not_agree() -> None:
    judged = judge(claim(at_least(4.0)), told(3.0, 3.0, 3.0, confirmation=5.0), MACHINE)
    assert (judged.verdict, judged.value) == ("too noisy to tell", None)
    assert "did not confirm" in judged.reason


def test_two_of_three_passes_must_agree() -> None:
    """All 21 rounds lie outside together, but only one of the passes does so on its own."""
    scattered = (*[3.0] * 5, 4.5, 4.5)
    together = told(3.0, scattered, scattered, confirmation=3.0)
    judged = judge(claim(at_least(4.0)), together, MACHINE)
    assert judged.verdict == "too noisy to tell" and "only 1 of 3 passes" in judged.reason
    agreeing = told(3.0, 3.0, scattered, confirmation=3.0)
    assert judge(claim(at_least(4.0)), agreeing, MACHINE).verdict == "contradicted"


@pytest.mark.parametrize(
    ("result", "expected", "reason"),
    [
        (None, "not measured here", "no result"),
        (measured(status="unavailable", reason="no GPU"), "not measured here", "no GPU"),
        (measured(status="error", reason="ValueError: x"), "errored", "ValueError: x"),
    ],
)
def test_what_was_not_measured(result: Measured | None, expected: str, reason: str) -> None:
    judged = judge(claim(at_least(2.0)), result, MACHINE)
    assert (judged.verdict, judged.reason, judged.value) == (expected, reason, None)


FEW, FORKED = {"below_cores": 4}, {"start_methods": ("fork",)}
EITHER = {"start_methods": ("fork", "forkserver")}
FORKS = "it speaks of workers that are forked or forked from a server; here they are started by spawn"
FEWER = "it speaks of machines with fewer than 4 usable cores"


@pytest.mark.parametrize(
    ("claims", "machine", "method", "reason"),
    [
        ({}, {"quota": 0.9}, "fork", "it needs 1 usable cores"),
        ({"needs_cores": 2}, {}, "fork", ""),
        ({"needs_cores": 2}, {"affinity": 1}, "fork", "it needs 2 usable cores"),
        ({"needs_cores": 2}, {"quota": 1.5}, "fork", "it needs 2 usable cores"),
        (FEW, {"affinity": 3}, "fork", ""),
        (FEW, {"affinity": 4}, "fork", FEWER),
        (FEW, {"affinity": 5}, "fork", FEWER),
        (FORKED, {}, "fork", ""),
        (FORKED, {}, "spawn", "it speaks of workers that are forked; here they are started by spawn"),
        (EITHER, {}, "forkserver", ""),
        (EITHER, {}, "spawn", FORKS),
        *[({}, {}, method, "") for method in ("fork", "spawn", "forkserver")],
    ],
)
def test_some_claims_speak_of_some_machines_and_methods_alone(
    claims: dict[str, Any], machine: dict[str, Any], method: str, reason: str
) -> None:
    """What would contradict them elsewhere does not here."""
    result = told(1.0, 1.0, 1.0, confirmation=1.0) if reason else told(3.0)
    judged = judge(claim(at_least(2.0), **claims), replace(result, start_method=method), replace(MACHINE, **machine))
    assert (judged.verdict, judged.reason) == (("not measured here", reason) if reason else ("holds", ""))


def test_a_claim_that_says_nothing_about_this_machine() -> None:
    def of(_: Measured) -> list[float]:
        raise NotHere("this system has no fork")

    judged = judge(claim(at_least(2.0), statistic=Statistic("it", of)), told(3.0), MACHINE)
    assert (judged.verdict, judged.reason) == ("not measured here", "this system has no fork")


def test_a_clock_that_is_too_coarse_for_a_ratio() -> None:
    """CPU time, by Windows' clock of a thread, is 0 of what takes less than its tick."""
    samples = [RoundSample(0, 0, arm, {"total": 1.0, "cpu": 0.0}) for arm in ("top", "bottom")]
    judged = judge(
        claim(at_least(2.0), statistic=ratio("", "top", "bottom", "cpu")), measured(samples=samples), MACHINE
    )
    assert (judged.verdict, judged.reason) == ("not measured here", "this system’s clock is too coarse for it")


@pytest.mark.parametrize(
    "statistic",
    [
        ratio("", "top", "nowhere"),
        value("", "top", "nothing"),
        Statistic("", lambda result: []),
        Statistic("", lambda result: [float("nan")] * 7),
        Statistic("", lambda result: [float("inf")] * 7),
        Statistic("", lambda result: [1 / 0]),  # pyrefly: ignore[division-by-zero]
    ],
)
def test_a_statistic_that_gives_no_number_is_an_error(statistic: Statistic) -> None:
    judged = judge(claim(at_least(2.0), statistic=statistic), told(3.0), MACHINE)
    assert (judged.verdict, judged.value) == ("errored", None) and judged.reason


def test_a_count_is_decided_at_once() -> None:
    """By one round, in one pass, on a machine however busy."""
    counted = claim(exactly(3), value("", "top"), needs_cores=0.0)
    busy = [Surroundings([0.1], 0.5, 0.5)]
    right = measured(samples=[RoundSample(0, 0, "top", {"total": 3.0})], surroundings=busy)
    assert judge(counted, right, MACHINE).verdict == "holds"
    for other in (2.0, 4.0):
        wrong = [RoundSample(0, at, "top", {"total": count}) for at, count in enumerate((3.0, 3.0, other))]
        result = measured(samples=wrong, surroundings=busy)
        judged = judge(counted, result, MACHINE)
        assert (judged.verdict, judged.reason) == ("contradicted", "1 of 3 rounds gave another count")
        assert not looks_wrong([counted], result, MACHINE), "more passes would not tell"


@pytest.mark.parametrize(
    ("low", "high", "within", "without"),
    [(2.0, 3.0, True, False), (1.9, 3.0, False, False), (2.0, 3.1, False, False), (3.0, 4.0, False, False)]
    + [(3.1, 4.0, False, True), (1.0, 2.0, False, False), (1.0, 1.9, False, True)],
)
def test_the_bounds_themselves_are_within(low: float, high: float, within: bool, without: bool) -> None:
    found = Estimate((low + high) / 2, low, high, 7)
    assert (inside(Bounds("floor", 2.0, 3.0), found), outside(Bounds("floor", 2.0, 3.0), found)) == (within, without)


@pytest.mark.parametrize(
    ("rounds", "bound"), [((1.9, *[2.0] * 6), "2.0"), ((2.0, *[2.5] * 5, 2.6), "2.5")], ids=["lower", "upper"]
)
def test_what_is_undecided_names_the_bound_that_is_in_the_way(rounds: Sequence[float], bound: str) -> None:
    judged = judge(claim(at_least(2.0, beyond=2.5)), told(rounds), MACHINE)
    assert judged.reason.endswith(f"contains the bound {bound}\u00a0times")


def test_whether_another_pass_could_decide_anything() -> None:
    holds, straddles = claim(at_least(2.0)), claim(at_least(3.0))
    assert all_decided([holds], told(3.0), MACHINE) and all_decided([], told(3.0), MACHINE)
    assert not all_decided([holds, straddles], told(3.0), MACHINE)
    assert not looks_wrong([holds, straddles], told(3.0), MACHINE)


def test_no_more_passes_where_the_gates_are_closed() -> None:
    busy = replace(told(3.0), surroundings=[Surroundings([0.5] * 7, 0.0, None)])
    assert not looks_wrong([claim(at_least(4.0))], busy, MACHINE)
    assert not looks_wrong([claim(at_least(4.0))], measured(status="unavailable"), MACHINE)


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        (at_least(2.0), "at least 2.0 times"),
        (at_least(2.0, beyond=3.0), "at least 2.0 times, and no more than the possible 3.0 times"),
        (at_most(2.0), "at most 2.0 times"),
        (same_within(1.25), "from 0.8 times to 1.25 times"),
        (at_most(1.15), "at most 1.15 times"),
        (share_of_best(0.9), "at least 0.9 times of the best"),
        (exactly(8), "exactly 8.0 times"),
    ],
)
def test_a_predicate_in_words(bounds: Bounds, words: str) -> None:
    assert claim(bounds).predicate.replace("\u00a0", " ") == f"top over bottom must be {words}"
