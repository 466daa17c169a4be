"""Whether the lengths on which an experiment for a GPU relies came out so. Its arms keep them, and claims look at them
before they say anything: what was made for one clock of a card need not fit another.
"""

from collections.abc import Callable
from dataclasses import replace

from snippets.lab.judging.claim import NotHere, Statistic
from snippets.lab.numbers import duration, number, percent
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import ratio

MOST_WAITED = 0.1
"""Share of the time. Behind a GPU that waits longer for its batches, nothing else shows."""
MOST_APART = 1.15
"""How many times as long a step may be in one of two arms that are compared as in the other."""

Check = Callable[[Measured], None]
"""Raises NotHere where a length does not fit, and KeyError where an arm did not keep it."""


def checked(statistic: Statistic, *checks: Check) -> Statistic:
    """The same statistic, where each of the checks lets it speak."""

    def of(measured: Measured) -> list[float]:
        numbers = statistic.of(measured)
        for check in checks:
            check(measured)
        return numbers

    return replace(statistic, of=of)


def fed(*arms: str) -> Check:
    """Their value `waited`: the share of the time, 0 to 1, in which the GPU did nothing, for want of a batch."""

    def check(measured: Measured) -> None:
        for arm in arms:
            waited = measured.estimate(arm, "waited").median
            if waited > MOST_WAITED:
                raise NotHere(f"here the GPU waited for batches for {percent(waited)} of the time ({arm})")

    return check


def alike(*arms: str) -> Check:
    """Their value `step`: seconds, by the GPU's clock. A card that is warmer, or busy for longer, runs slower."""

    def check(measured: Measured) -> None:
        steps = [measured.estimate(arm, "step").median for arm in arms]
        if max(steps) > MOST_APART * min(steps):
            raise NotHere(f"here a step took {duration(min(steps))} in one arm and {duration(max(steps))} in another")

    return check


def step_over(arm: str, other: str, least: float, most: float) -> Check:
    """The quotient of two values of an arm, its `step` and the `other` one that it was made to fit, both in seconds."""

    def check(measured: Measured) -> None:
        quotient = ratio(measured.samples_of(arm, "step"), measured.samples_of(arm, other)).median
        if not least <= quotient <= most:
            raise NotHere(f"here a step took {number(quotient)} times the {other}, not {least:g} to {most:g} times")

    return check


def across_a_bus(arm: str) -> Check:
    """Its value `bus`: 1 where what is copied to the GPU crosses a bus, 0 where both are at the same memory."""

    def check(measured: Measured) -> None:
        if not all(measured.samples_of(arm, "bus")):
            raise NotHere("this GPU reads the host’s memory as its own, pinned or not")

    return check
