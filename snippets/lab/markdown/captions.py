"""What a figure says: no number that this machine could not tell from noise.

Such a number would stand right beside a sentence that, for the same reason, says none.
"""

import re
from dataclasses import replace

from snippets.lab.figures.figure import Figure
from snippets.lab.judging.claim import Claim
from snippets.lab.judging.claims import claims
from snippets.lab.judging.resolved import within_noise
from snippets.lab.judging.verdict import Verdict
from snippets.lab.markdown.shown import Shown
from snippets.lab.markdown.verdicts import ruling
from snippets.lab.moment import once
from snippets.lab.numbers import NBSP, number
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import estimate

TOO_NOISY = "Some numbers of this picture were too noisy to tell; the table has the medians with their intervals."
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
TIMES = re.compile(rf"(?P<number>\d[\d,]*(?:\.\d+)?){NBSP}times")


@once
def figure_of(shown: Shown) -> Figure:
    """An experiment's figure as pages show and draw it. The numbers themselves stay, with their intervals."""
    figure = shown.figure()
    undecided = [claim for claim in claims(shown.name) if ruling(claim.id).judgement.verdict == Verdict.TOO_NOISY]
    tells_undecided = any(_tells(figure.message, claim, shown.measured) for claim in undecided)
    if tells_undecided or _unresolved(figure.message, shown.measured):
        return replace(figure, message=TOO_NOISY)
    return figure


def _tells(message: str, claim: Claim, measured: Measured) -> bool:
    """Whether a message says the value of a claim, or both of those that the claim compares."""
    compared = [_digits(number(measured.estimate(*arm).median)) for arm in claim.statistic.compares]
    numbers = {_digits(text) for text in NUMBER.findall(message)}
    return _stands(claim.say(estimate(claim.statistic.of(measured)).median), message) or (
        bool(compared) and numbers.issuperset(compared)
    )


def _digits(number: str) -> str:
    """`0.0638` and `63.8` alike, for a figure says seconds in the unit that reads best: `638`."""
    return number.replace(",", "").replace(".", "").strip("0")


def _stands(value: str, message: str) -> bool:
    """Whether a value stands in the message as a number of its own: `7 %` does not stand in `47 %`."""
    return re.search(rf"(?<![\d.,]){re.escape(value)}(?![\d.,]*\d)", message) is not None


def _unresolved(message: str, measured: Measured) -> bool:
    """Whether a message says `1.2 times` where one arm seemed more than that, and more than is allowed, apart from
    itself.
    """
    ratios = [float(match["number"].replace(",", "")) for match in TIMES.finditer(message)]
    return any(within_noise(ratio, measured) for ratio in ratios)
