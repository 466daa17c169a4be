"""What must be true of a measurement before a claim is judged by it; else the verdict is *too noisy to tell*."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from snippets.lab.instruments.experiment import AGAIN
from snippets.lab.judging.claim import Bounds, Claim
from snippets.lab.judging.rules import AGREE, ALIKE, BIAS, CAPACITY, MARGIN, SPREAD, STEAL, THROTTLED
from snippets.lab.numbers import number, percent
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import Estimate

Gate = Literal["capacity", "steal", "throttling", "spread", "A/A"]


@dataclass(frozen=True)
class Closed:
    """The first gate that is closed, and why."""

    gate: Gate
    reason: str


def closed_gate(claim: Claim, measured: Measured, estimate: Estimate) -> Closed | None:
    """The gate that keeps a claim from being judged by this measurement, of which `estimate` is its statistic; None if
    all are open. What is not timed needs no quiet machine.
    """
    if not claim.needs_cores:
        return None
    return next(_closed(claim, measured, estimate), None)


def _closed(claim: Claim, measured: Measured, estimate: Estimate) -> Iterator[Closed]:
    if measured.capacity < CAPACITY * claim.needs_cores:
        had, needs = number(measured.capacity, 2), number(CAPACITY * claim.needs_cores, 2)
        yield Closed("capacity", f"the machine had {had} cores’ worth of work to give, and the claim needs {needs}")
    yield from disturbed(measured)
    width, allowed, margin = noise(estimate, claim.bounds)
    if width > allowed:
        yield Closed("spread", f"its interval is too wide: {claim.say(estimate.low)} to {claim.say(estimate.high)}")
    if (a_a := resolution(measured)) and (bias := _bias(a_a, margin)):
        yield Closed("A/A", bias)


def disturbed(measured: Measured) -> Iterator[Closed]:
    """The gates that other work on the machine has closed, whatever is asked of the measurement."""
    passes = measured.surroundings
    steal = max((one_pass.steal for one_pass in passes if one_pass.steal is not None), default=0.0)
    if steal > STEAL:
        yield Closed("steal", f"the hypervisor gave {percent(steal)} of the CPU time to other machines")
    throttled = max((one_pass.throttled for one_pass in passes if one_pass.throttled is not None), default=0.0)
    if throttled > THROTTLED:
        yield Closed("throttling", f"the CPU quota was used up in {percent(throttled)} of the scheduling periods")


def noise(estimate: Estimate, bounds: Bounds) -> tuple[float, float, float]:
    """The width of an interval, how wide it may be, and how far apart one arm may seem from itself for the interval to
    be judged.

    Natural logarithms of ratios. Where the interval or the bound is not positive: the first two in the interval's own
    unit, and 0 for the third.
    """
    ends = [end for end in (bounds.low, bounds.high) if math.isfinite(end)]
    nearest = min(ends, key=lambda end: abs(end - estimate.median))
    if min(estimate.low, nearest) <= 0:
        return estimate.high - estimate.low, MARGIN * abs(estimate.median - nearest), 0.0
    margin = MARGIN * abs(math.log(estimate.median / nearest))
    return math.log(estimate.high / estimate.low), max(math.log(SPREAD), margin), margin


def resolution(measured: Measured) -> Estimate | None:
    """The arm that runs twice in each round, over itself (A/A): what lies within that interval is noise. None where no
    arm does.
    """
    if measured.again is None:
        return None
    return measured.ratio(measured.again + AGAIN, measured.again)


def resolved(measured: Measured) -> str | None:
    """`±6 %`: differences up to here are noise, for one arm seemed that different from itself."""
    a_a = resolution(measured)
    return f"±{percent(max(a_a.high, 1 / a_a.low) - 1)}" if a_a else None


def _bias(a_a: Estimate, margin: float) -> str | None:
    words = f"one arm against itself gave {number(a_a.low)} to {number(a_a.high)}"
    if max(math.log(a_a.high), -math.log(a_a.low)) > max(math.log(AGREE), margin):
        return words
    harmless = max(ALIKE, math.exp(BIAS * margin / MARGIN))
    certain = a_a.low > harmless or a_a.high < 1 / harmless
    return f"{words}, all of it more than {percent(ALIKE - 1)} away from 1" if certain else None
