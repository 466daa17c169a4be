"""From a claim and a measurement to a verdict.

**holds**: the gates are open and the interval lies within the bounds. **contradicted**: the gates are open,
the interval lies outside, so do at least two of three passes, and a fresh confirmation agrees. **too noisy to
tell**: all else. Apart from these: **not measured here** and **errored**. Only the first two have a value.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from snippets.lab.judging.claim import Bounds, Claim, NotHere
from snippets.lab.judging.gates import Gate, closed_gate
from snippets.lab.judging.rules import AGREEING, PASSES
from snippets.lab.judging.verdict import Verdict
from snippets.lab.machine.machine import Machine
from snippets.lab.moment import once
from snippets.lab.results import stats
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import Estimate


@dataclass(frozen=True)
class Judgement:
    """`value` is the statistic with its interval, None unless the claim holds or is contradicted. `gate` is the one
    that was closed, if that is why the verdict is *too noisy to tell*.
    """

    verdict: Verdict
    reason: str
    value: Estimate | None = None
    gate: Gate | None = None

    @property
    def decided(self) -> bool:
        return self.verdict != Verdict.TOO_NOISY


@once
def judge(claim: Claim, measured: Measured | None, machine: Machine) -> Judgement:
    """The verdict on one claim by one machine's result."""
    if measured is None:
        return Judgement(Verdict.NOT_HERE, "no result")
    if measured.status == "error":
        return Judgement(Verdict.ERRORED, measured.reason)
    if measured.status == "unavailable":
        return Judgement(Verdict.NOT_HERE, measured.reason)
    if machine.cores_usable < claim.needs_cores:
        return Judgement(Verdict.NOT_HERE, f"it needs {claim.needs_cores:g} usable cores")
    if machine.cores_usable >= claim.below_cores:
        return Judgement(Verdict.NOT_HERE, f"it speaks of machines with fewer than {claim.below_cores:g} usable cores")
    if claim.start_methods and measured.start_method not in claim.start_methods:
        return Judgement(Verdict.NOT_HERE, f"{speaks_of(claim)}; here they are started by {measured.start_method}")
    try:
        result = _look(claim, measured)
        if isinstance(result, Judgement):
            return result
        if closed := closed_gate(claim, measured, result):
            return Judgement(Verdict.TOO_NOISY, closed.reason, gate=closed.gate)
        return _decide(claim, measured, result)
    except NotHere as reason:
        return Judgement(Verdict.NOT_HERE, str(reason))
    except Exception as error:  # a stranger's file may hold anything
        return Judgement(Verdict.ERRORED, f"{type(error).__name__}: {error}")


STARTED = {"fork": "forked", "spawn": "spawned", "forkserver": "forked from a server"}
"""What a reason says of workers, by the method that starts them."""


def speaks_of(claim: Claim) -> str:
    """Of which workers, where it does not speak of all."""
    return f"it speaks of workers that are {' or '.join(STARTED[method] for method in claim.start_methods)}"


def _look(claim: Claim, measured: Measured) -> Estimate | Judgement:
    """The statistic over all passes; for a count, which needs no more than that, the verdict itself."""
    rounds = claim.statistic.of(measured)
    if not rounds or not all(math.isfinite(value) for value in rounds):
        return Judgement(Verdict.ERRORED, f"{claim.statistic.words} gave no finite number")
    estimate = stats.estimate(rounds)
    if claim.bounds.kind != "count":
        return estimate
    against = sum(value != claim.bounds.low for value in rounds)
    if against:
        return Judgement(Verdict.CONTRADICTED, f"{against} of {len(rounds)} rounds gave another count", estimate)
    return Judgement(Verdict.HOLDS, "", estimate)


def _decide(claim: Claim, measured: Measured, estimate: Estimate) -> Judgement:
    if inside(claim.bounds, estimate):
        return Judgement(Verdict.HOLDS, "", estimate)
    if not outside(claim.bounds, estimate):
        return Judgement(Verdict.TOO_NOISY, _straddles(claim, estimate))
    if measured.passes < PASSES:
        passes = "one pass" if measured.passes == 1 else f"{measured.passes} passes"
        return Judgement(Verdict.TOO_NOISY, f"it lies outside after {passes}; to contradict a claim takes {PASSES}")
    outside_alone = [_outside_in(claim, measured.of_pass(number)) for number in range(measured.passes)]
    if sum(outside_alone) < AGREEING:
        return Judgement(Verdict.TOO_NOISY, f"only {sum(outside_alone)} of {PASSES} passes lie outside on their own")
    if not measured.confirmation:
        return Judgement(Verdict.TOO_NOISY, "it lies outside, and no fresh pass has confirmed it")
    if not _outside_in(claim, measured.confirming()):
        return Judgement(Verdict.TOO_NOISY, "it lay outside, and a fresh pass did not confirm it")
    return Judgement(Verdict.CONTRADICTED, "", estimate)


def _outside_in(claim: Claim, measured: Measured) -> bool:
    """Whether its statistic lies outside by this measurement alone, and no gate is closed."""
    estimate = stats.estimate(claim.statistic.of(measured))
    return outside(claim.bounds, estimate) and closed_gate(claim, measured, estimate) is None


def inside(bounds: Bounds, estimate: Estimate) -> bool:
    return bounds.low <= estimate.low and estimate.high <= bounds.high


def outside(bounds: Bounds, estimate: Estimate) -> bool:
    return estimate.high < bounds.low or estimate.low > bounds.high


def _straddles(claim: Claim, estimate: Estimate) -> str:
    end = claim.bounds.low if estimate.low < claim.bounds.low else claim.bounds.high
    low, high = claim.say(estimate.low), claim.say(estimate.high)
    return f"its interval, {low} to {high}, contains the bound {claim.say_bound(end)}"


def all_decided(claims: Sequence[Claim], measured: Measured, machine: Machine) -> bool:
    """Whether nothing is left for another pass to decide."""
    return all(judge(claim, measured, machine).decided for claim in claims)


def looks_wrong(claims: Sequence[Claim], measured: Measured, machine: Machine) -> bool:
    """Whether some claim lies outside though its gates are open: more passes, then a confirmation, will tell."""
    return any(
        judge(claim, measured, machine).verdict in (Verdict.TOO_NOISY, Verdict.CONTRADICTED)
        and claim.bounds.kind != "count"
        and _outside_in(claim, measured)
        for claim in claims
    )
