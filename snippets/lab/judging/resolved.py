"""Which of the numbers that pages print a measurement has resolved. The others would be shown as if they were known.

No claim judges these numbers, so they have no bound. What a claim's gates ask of its interval is asked of theirs: each
is said of every round alone, and what is said is read back.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from snippets.lab.judging.gates import disturbed, resolution
from snippets.lab.judging.rules import AGREE, SPREAD
from snippets.lab.numbers import MINUS, NBSP, TIME_UNITS
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import estimate

AMOUNT = re.compile(rf"(?P<number>{MINUS}?[\d,]*\.?\d+)(?:{NBSP}(?P<unit>\S+))?")
TIMES = "times"
CLOSE = 10.0
"""Percentage points that a share may differ: near 0 a quotient says nothing."""


def within_noise(ratio: float, measured: Measured) -> bool:
    """Whether one arm seemed as different from itself (A/A) as the ratio says that two arms are, and more different
    than is allowed.
    """
    a_a = resolution(measured)
    if a_a is None:
        return False
    noise = max(math.log(a_a.high), -math.log(a_a.low))
    return noise > math.log(AGREE) and (not ratio or abs(math.log(ratio)) <= noise)


def unresolved(say: Callable[[Measured], Mapping[str, str]], measured: Measured, timed: bool) -> set[str]:
    """The names of the values that `say` gives and this measurement has not resolved: those that scatter from round to
    round by more than a claim's interval may, and ratios within noise. Where they are `timed` and something disturbed
    the machine meanwhile, all that scatter at all.
    """
    by_round = [say(one_round) for one_round in _rounds(measured)]
    is_disturbed = timed and any(disturbed(measured))
    return {
        name
        for name, text in say(measured).items()
        if _scatters([said.get(name, "") for said in by_round], is_disturbed) or _is_no_ratio(text, measured)
    }


def _rounds(measured: Measured) -> list[Measured]:
    numbers = sorted({(sample.pass_, sample.round) for sample in measured.samples})
    return [
        replace(
            measured,
            samples=[sample for sample in measured.samples if (sample.pass_, sample.round) == number],
            surroundings=[measured.surroundings[number[0]]],
            passes=1,
            confirmation=[],
        )
        for number in numbers
    ]


def _scatters(said: Sequence[str], is_disturbed: bool) -> bool:
    """Of words, which some values are in some rounds, nothing can be told."""
    read = [_amount(text) for text in said]
    amounts = [amount for amount, _ in filter(None, read)]
    if len(amounts) < len(said) or len({*said}) == 1:
        return False
    interval = estimate(amounts)
    if {unit for _, unit in filter(None, read)} == {"%"} and interval.high - interval.low <= CLOSE:
        return is_disturbed
    return is_disturbed or interval.low <= 0 or interval.high / interval.low > SPREAD


def _is_no_ratio(text: str, measured: Measured) -> bool:
    amount = _amount(text)
    return amount is not None and amount[1] == TIMES and within_noise(amount[0], measured)


def _amount(text: str) -> tuple[float, str | None] | None:
    """The number that a text is, in seconds where it is a time, and its unit; None for any other text."""
    match = AMOUNT.fullmatch(text)
    if not match:
        return None
    number, unit = float(match["number"].replace(",", "").replace(MINUS, "-")), match["unit"]
    return number * TIME_UNITS.get(unit, 1.0), unit
