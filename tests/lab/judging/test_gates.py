"""A measurement that was disturbed may not judge: each gate shuts on its own, and says why.

What it does not prove: where each gate lies. The page on the method says that, and test_bound holds the two together.
"""

import math
from collections.abc import Sequence
from statistics import median

import pytest

from snippets.lab.judging.claim import Bounds, Claim, at_least, at_most, same_within, value
from snippets.lab.judging.gates import closed_gate, noise, resolution, resolved
from snippets.lab.judging.rules import ALIKE, CAPACITY, MARGIN, SPREAD, STEAL
from snippets.lab.machine.surroundings import Surroundings
from snippets.lab.numbers import number
from snippets.lab.results.results import Measured, RoundSample
from snippets.lab.results.stats import Estimate
from tests.lab.made import measured

FOUND = Estimate(3.0, 2.9, 3.1, 7)


def told(
    capacity: Sequence[float] = (2.0,) * 7,
    steal: float | None = 0.0,
    throttled: float | None = 0.0,
    again: Sequence[float] = (1.0,) * 7,
) -> Measured:
    """A pass whose A/A arm gave these ratios."""
    samples = [
        RoundSample(0, at, arm, {"total": seconds})
        for at, ratio in enumerate(again)
        for arm, seconds in (("arm", 1.0), ("arm (again)", ratio))
    ]
    return measured(samples=samples, again="arm", surroundings=[Surroundings([*capacity], steal, throttled)])


def reason(result: Measured, bounds: Bounds | None = None, found: Estimate = FOUND, needs_cores: float = 2.0) -> str:
    claim = Claim("it", value("it", "arm"), bounds or at_least(2.5), "", say=number, needs_cores=needs_cores)
    closed = closed_gate(claim, result, found)
    return closed.reason if closed else ""


@pytest.mark.parametrize(
    ("capacity", "needs", "words"),
    [
        ((2.0,) * 7, 2.0, ""),
        ((2 * CAPACITY - 0.01,) * 7, 2.0, "had {given} cores’ worth of work to give, and the claim needs {needed}"),
        ((2 * CAPACITY,) * 7, 2.0, ""),
        ((3.0,) * 3 + (1.0,) * 4, 2.0, "had 1 cores’ worth of work to give, and the claim needs {needed}"),
        ((1.0,) * 7, 1.0, ""),
        ((0.7,) * 7, 1.0, "had 0.7 cores’ worth of work to give, and the claim needs {needed}"),
    ],
)
def test_capacity(capacity: Sequence[float], needs: float, words: str) -> None:
    """The median over the rounds, against a share of the cores that a claim needs."""
    said = reason(told(capacity), needs_cores=needs)
    filled = words.format(given=number(median(capacity), 2), needed=number(CAPACITY * needs, 2))
    assert said == (f"the machine {filled}" if words else "")


@pytest.mark.parametrize(("share", "shut"), [(None, False), (0.0, False), (STEAL, False), (STEAL + 0.001, True)])
def test_steal_and_throttling(share: float | None, shut: bool) -> None:
    assert ("hypervisor" in reason(told(steal=share))) == shut
    assert ("quota" in reason(told(throttled=share))) == shut


@pytest.mark.parametrize(
    ("ratios", "shut"),
    [
        ((0.9, 0.95, 0.98, 1.0, 1.02, 1.05, 1.1), False),
        ((0.8, 0.95, 0.98, 1.0, 1.02, 1.05, 1.1), True),
        ((0.9, 0.95, 0.98, 1.0, 1.02, 1.05, 1.3), True),
        ((1.01, 1.02, 1.02, 1.03, 1.03, 1.04, 1.19), False),
        ((ALIKE, *[ALIKE + 0.01] * 5, 1.2), False),
        ((*[ALIKE + 0.01] * 6, 1.2), True),
        ((0.9, 0.94, 0.94, 0.95, 0.95, 0.95, 1 / ALIKE), False),
        ((0.9, 0.92, 0.92, 0.92, 0.92, 0.92, 0.93), True),
    ],
    ids=["scatters a little", "far below", "far above", "perhaps a bias", "a small bias, and a scatter of 20 %"]
    + ["a larger bias", "a small bias downwards", "a larger bias downwards"],
)
def test_one_arm_against_itself(ratios: Sequence[float], shut: bool) -> None:
    said = reason(told(again=ratios), at_least(2.9))
    assert ("one arm against itself gave" in said) == shut == bool(said)


@pytest.mark.parametrize(
    ("again", "bound", "shut"),
    [(1.06, 2.9, True), (1.06, 2.5, False), (1.2, 2.5, True), (1.2, 2.0, False), (1.25, 2.0, True), (0.9, 2.0, False)]
    + [(0.8, 2.0, True)],
)
def test_a_bias_passes_where_it_is_less_than_half_of_the_way_to_the_bound(
    again: float, bound: float, shut: bool
) -> None:
    """The claim's median is 3."""
    said = reason(told(again=[again] * 7), at_least(bound))
    assert ("all of it more than 5\u00a0% away from 1" in said) == shut == bool(said)


@pytest.mark.parametrize(
    ("ratios", "said"),
    [((0.99, 1.0, 1.0, 1.0, 1.0, 1.0, 1.03), "±3\u00a0%"), ((0.8, 1.0, 1.0, 1.0, 1.0, 1.0, 1.03), "±25\u00a0%")],
    ids=["slower by 3 %", "1.25 times as fast"],
)
def test_what_a_machine_resolves_is_the_larger_of_both_directions(ratios: Sequence[float], said: str) -> None:
    assert resolved(told(again=ratios)) == said


def test_without_a_second_run_of_an_arm_there_is_no_such_gate() -> None:
    alone = measured(again=None)
    assert resolution(alone) is None and resolved(alone) is None
    assert reason(alone) == ""


@pytest.mark.parametrize(
    ("found", "bounds", "shut"),
    [
        (Estimate(3.0, 2.6, 2.6 * SPREAD - 0.01, 7), at_least(2.59), False),
        (Estimate(3.0, 2.6, 2.6 * SPREAD + 0.01, 7), at_least(2.59), True),
        (Estimate(3.0, 2.6, 3.6, 7), at_least(1.0), False),
        (Estimate(1.0, 0.9, 1.3, 7), same_within(1.35), False),
        (Estimate(3.0, 2.4, 4.5, 7), at_most(5.0), False),
        (Estimate(3.0, 2.0, 4.9, 7), at_most(5.0), True),
        # MARGIN times the distance of 2 between the median and the bound, where these are not positive.
        (Estimate(0.0, -MARGIN, MARGIN, 7), at_most(2.0), False),
        (Estimate(0.0, -MARGIN - 0.1, MARGIN, 7), at_most(2.0), True),
    ],
)
def test_the_spread_of_the_interval(found: Estimate, bounds: Bounds, shut: bool) -> None:
    said = reason(told(), bounds, found)
    assert said.startswith("its interval is too wide") == shut == bool(said)


@pytest.mark.parametrize(("median", "near"), [(1.5, 1.0), (3.5, 4.0)])
def test_the_nearer_bound_counts(median: float, near: float) -> None:
    allowed = noise(Estimate(median, median, median, 7), at_least(1.0, beyond=4.0))[2]
    assert allowed == pytest.approx(MARGIN * abs(math.log(median / near)))


def test_noise_that_cannot_matter_may_pass() -> None:
    """Both limits grow with the distance to the bound."""
    noisy = (0.7, 0.95, 0.98, 1.0, 1.02, 1.05, 1.3)
    assert reason(told(again=noisy), at_least(2.5)) != ""
    assert reason(told(again=noisy), at_least(1.0)) == ""


def test_what_is_not_positive_is_compared_in_its_own_unit() -> None:
    assert noise(Estimate(0.0, -1.0, 1.0, 7), at_most(10.0)) == (2.0, 10 * MARGIN, 0.0)
    assert noise(Estimate(1.0, 0.5, 2.0, 7), at_least(0.0)) == (1.5, MARGIN, 0.0)
    assert noise(Estimate(-4.0, -5.0, -3.0, 7), at_most(-2.0)) == (2.0, 2 * MARGIN, 0.0)
    width, allowed, margin = noise(Estimate(4.0, 2.0, 8.0, 7), at_most(16.0))
    assert (width, allowed, margin) == pytest.approx((math.log(4), MARGIN * math.log(4), MARGIN * math.log(4)))


def test_what_is_not_timed_needs_no_quiet_machine() -> None:
    busy = told([0.1] * 7, 0.5, 0.5, (0.2, 1, 1, 1, 1, 1, 9))
    assert reason(busy, found=Estimate(3.0, 0.1, 90.0, 7), needs_cores=0.0) == ""
    assert reason(busy, found=Estimate(3.0, 0.1, 90.0, 7), needs_cores=1.0) != ""
