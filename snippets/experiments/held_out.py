"""What a chosen count reaches of the best one, without the luck of the best.

The best of nine noisy medians is partly the luckiest: compared with it, even a perfect choice seems to lose. So no
round is compared with a best count in whose selection it had a part: what is best is decided by all other rounds. Where
a count seemed best by luck, its luck in the round that is compared is an ordinary one, and a perfect choice is as often
above 1 as below. The same holds for the worst of many workloads. (Cross-validation with one left out: Hastie,
Tibshirani and Friedman, The Elements of Statistical Learning, 2009, section 7.10.) What error is left favours the
choice: the count that is taken for the best one may be a little slower. That is at most what the noise hides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

T = TypeVar("T")

SLACK = 0.02
"""Of the best throughput: counts that reach all but so much are as good."""

Rates = dict[int, float]
"""Samples/s by count of workers, in one round."""


@dataclass(frozen=True)
class Trial:
    """One workload: in each round its `rates` at every count, the chosen one included, and the count that was `chosen`.
    One round alone, as is asked to see how much rounds differ, is compared with itself.
    """

    rates: Sequence[Rates]
    chosen: Sequence[int]

    def others(self, round_: int) -> "Trial":
        """Without that round, where there are more."""
        return self if len(self.rates) == 1 else Trial(_without(self.rates, round_), _without(self.chosen, round_))

    def best(self) -> int:
        """The count with the best median, of those that every round has."""
        in_all = set(self.rates[0]).intersection(*self.rates)
        return max(sorted(in_all), key=lambda count: median(rates[count] for rates in self.rates))

    def reached(self, best: int) -> float:
        """What the chosen counts reach of that one: the median over the rounds."""
        return median(rates[count] / rates[best] for rates, count in zip(self.rates, self.chosen, strict=True))


def shares(trial: Trial) -> list[Rates]:
    """Round by round: each count's throughput over that of the count that is best in all other rounds."""
    best = [trial.others(round_).best() for round_ in range(len(trial.rates))]
    return [
        {count: rate / rates[at] for count, rate in rates.items()} for rates, at in zip(trial.rates, best, strict=True)
    ]


def share_of_best(trial: Trial) -> list[float]:
    """Round by round: what the chosen count reaches. 1 - this is the regret of the choice."""
    return [share[count] for share, count in zip(shares(trial), trial.chosen, strict=True)]


def surplus(trial: Trial) -> list[int]:
    """Round by round: the chosen count less the smallest that is as good as the best one. Negative where too few were
    chosen.
    """
    return [
        count - min(enough for enough, reached in share.items() if reached >= 1 - SLACK)
        for share, count in zip(shares(trial), trial.chosen, strict=True)
    ]


def share_at_worst(trials: Sequence[Trial]) -> list[float]:
    """Round by round: what the chosen count reaches on the workload on which it reaches least in all other rounds."""
    found = []
    for round_ in range(len(trials[0].rates)):
        others = [(trial, trial.others(round_)) for trial in trials]
        worst, rest = min(others, key=lambda pair: pair[1].reached(pair[1].best()))
        rates = worst.rates[round_]
        found.append(rates[worst.chosen[round_]] / rates[rest.best()])
    return found


def _without(values: Sequence[T], at: int) -> list[T]:
    return [*values[:at], *values[at + 1 :]]
