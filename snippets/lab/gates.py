"""What must be true of a measurement before a claim is judged by it; else the verdict is *too noisy to tell*."""

import math
from collections.abc import Iterator

from snippets.lab.claim import Bounds, Claim
from snippets.lab.experiment import AGAIN
from snippets.lab.figure import Estimate
from snippets.lab.numbers import number, percent
from snippets.lab.results import Measured

CAPACITY = 0.8
"""Share of the cores that a claim needs which the machine must have had to give: median over the rounds."""

STEAL = THROTTLED = 0.02
"""Share of CPU time that went to other machines, and of scheduling periods whose quota was used up."""

AGREE, ALIKE = 1.2, 1.05
"""How far apart one arm may seem when it runs twice in each round (A/A), and below which its bias is no bias."""

SPREAD = 1.35
"""Upper end of a claim's interval over its lower end."""

MARGIN = 1.5
"""Noise above AGREE or SPREAD may pass where it is at most this part of the median's distance to the bound."""


def closed_gate(claim: Claim, measured: Measured, found: Estimate) -> str | None:
    """Why this measurement may not judge the claim; None if it may. What is not timed needs no quiet machine."""
    if not claim.needs_cores:
        return None
    return next(_reasons(claim, measured, found), None)


def _reasons(claim: Claim, measured: Measured, found: Estimate) -> Iterator[str]:
    around = measured.surroundings
    if measured.capacity < CAPACITY * claim.needs_cores:
        yield (
            f"the machine had {number(measured.capacity, 2)} cores’ worth of work to give, and the claim needs "
            f"{number(CAPACITY * claim.needs_cores, 2)}"
        )
    steal = max((each.steal for each in around if each.steal is not None), default=0.0)
    if steal > STEAL:
        yield f"the hypervisor gave {percent(steal)} of the CPU time to other machines"
    throttled = max((each.throttled for each in around if each.throttled is not None), default=0.0)
    if throttled > THROTTLED:
        yield f"the CPU quota was used up in {percent(throttled)} of the scheduling periods"
    width, allowed, margin = noise(found, claim.bounds)
    if width > allowed:
        yield f"its interval is too wide: {claim.say(found.low)} to {claim.say(found.high)}"
    if (same := resolution(measured)) and (bias := _bias(same, margin)):
        yield bias


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
    alike = same.high <= ALIKE and same.low >= 1 / ALIKE
    return None if same.low <= 1 <= same.high or alike else f"{said}, which leaves out 1"
