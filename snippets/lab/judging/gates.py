"""What must be true of a measurement before a claim is judged by it; else the verdict is *too noisy to tell*."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from snippets.lab.instruments.experiment import AGAIN
from snippets.lab.judging.claim import Bounds, Claim
from snippets.lab.judging.rules import AGREE, ALIKE, CAPACITY, MARGIN, SPREAD, STEAL, THROTTLED
from snippets.lab.numbers import number, percent
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import Estimate

Gate = Literal["capacity", "steal", "throttling", "spread", "A/A"]


@dataclass(frozen=True)
class Closed:
    """The first gate that is closed, and why."""

    gate: Gate
    reason: str


def closed_gate(claim: Claim, measured: Measured, found: Estimate) -> Closed | None:
    """What keeps this measurement from judging the claim; None if it may. What is not timed needs no quiet machine."""
    if not claim.needs_cores:
        return None
    return next(_closed(claim, measured, found), None)


def _closed(claim: Claim, measured: Measured, found: Estimate) -> Iterator[Closed]:
    around = measured.surroundings
    if measured.capacity < CAPACITY * claim.needs_cores:
        had, needs = number(measured.capacity, 2), number(CAPACITY * claim.needs_cores, 2)
        yield Closed("capacity", f"the machine had {had} cores’ worth of work to give, and the claim needs {needs}")
    steal = max((each.steal for each in around if each.steal is not None), default=0.0)
    if steal > STEAL:
        yield Closed("steal", f"the hypervisor gave {percent(steal)} of the CPU time to other machines")
    throttled = max((each.throttled for each in around if each.throttled is not None), default=0.0)
    if throttled > THROTTLED:
        yield Closed("throttling", f"the CPU quota was used up in {percent(throttled)} of the scheduling periods")
    width, allowed, margin = noise(found, claim.bounds)
    if width > allowed:
        yield Closed("spread", f"its interval is too wide: {claim.say(found.low)} to {claim.say(found.high)}")
    if (same := resolution(measured)) and (bias := _bias(same, margin)):
        yield Closed("A/A", bias)


def noise(found: Estimate, bounds: Bounds) -> tuple[float, float, float]:
    """The width of an interval, how wide it may be, and how far apart one arm may seem for it to be judged.

    On a log scale; the first two in the interval's own unit where it is not positive.
    """
    ends = [end for end in (bounds.low, bounds.high) if math.isfinite(end)]
    near = min(ends, key=lambda end: abs(end - found.median))
    if min(found.low, near) <= 0:
        return found.high - found.low, MARGIN * abs(found.median - near), 0.0
    margin = MARGIN * abs(math.log(found.median / near))
    return math.log(found.high / found.low), max(math.log(SPREAD), margin), margin


def resolution(measured: Measured) -> Estimate | None:
    """The arm that runs twice in each round, over itself (A/A): what lies within is noise. None without one."""
    if measured.again is None:
        return None
    return measured.ratio(measured.again + AGAIN, measured.again)


def resolved(measured: Measured) -> str | None:
    """`±6 %`: differences up to here are noise, for one arm seemed that different from itself."""
    same = resolution(measured)
    return same and f"±{percent(max(same.high, 1 / same.low) - 1)}"


def _bias(same: Estimate, margin: float) -> str | None:
    said = f"one arm against itself gave {number(same.low)} to {number(same.high)}"
    if max(math.log(same.high), -math.log(same.low)) > max(math.log(AGREE), margin):
        return said
    certain = same.low > ALIKE or same.high < 1 / ALIKE
    return f"{said}, all of it more than {percent(ALIKE - 1)} away from 1" if certain else None
