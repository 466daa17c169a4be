"""What a claim is: a statistic of one experiment, where it must lie, and why there.

The sentence stands on the page, the claim beside its experiment, and the ledger shows both side by side.
Standard library only.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from snippets.lab.numbers import exact_times, times
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import quotients

Tier = Literal["cpu", "gpu"]
Kind = Literal["floor", "ceiling", "equivalent", "within", "count"]


class NotHere(Exception):
    """A statistic that this machine cannot give; the message says why. The claim is then not measured here."""


@dataclass(frozen=True)
class Statistic:
    """One number per round. `words` says what it is, as in "{words} must be at least 2".

    `of` takes a result of one or more passes and gives one number per round, in order. It raises NotHere where the
    claim says nothing about this machine. `compares`: the two arms, each with the name of its value (None: the
    headline), if the statistic is a ratio of two; else empty.
    """

    words: str
    of: Callable[[Measured], list[float]]
    compares: tuple[tuple[str, str | None], ...] = ()


def ratio(words: str, over: str, under: str, value: str | None = None) -> Statistic:
    """`over` over `under`, round by round, so that drift of the machine's speed cancels."""

    def of(measured: Measured) -> list[float]:
        below = measured.samples_of(under, value)
        if 0 in below:  # CPU time: on Windows the clock of a thread ticks every 16 ms
            raise NotHere("this system’s clock is too coarse for it")
        return quotients(measured.samples_of(over, value), below)

    return Statistic(words, of, ((over, value), (under, value)))


def value(words: str, arm: str, name: str | None = None) -> Statistic:
    """One value of one arm, the headline if none is named."""
    return Statistic(words, lambda measured: measured.samples_of(arm, name))


@dataclass(frozen=True)
class Bounds:
    """Where a statistic must lie, both ends included, in its own unit. Made by the functions below."""

    kind: Kind
    low: float
    high: float

    def words(self, say: Callable[[float], str]) -> str:
        """`at least 2.0 times`: after "must be"."""
        match self.kind:
            case "count":
                return f"exactly {say(self.low)}"
            case "equivalent":
                return f"from {say(self.low)} to {say(self.high)}"
            case "ceiling":
                return f"at most {say(self.high)}"
            case "within":
                return f"at least {say(self.low)} of the best"
            case "floor":
                beyond = f", and no more than the possible {say(self.high)}" if math.isfinite(self.high) else ""
                return f"at least {say(self.low)}{beyond}"


def at_least(low: float, beyond: float = math.inf) -> Bounds:
    """A floor. `beyond` is what no machine can exceed: a win above it is a mistake of the measurement."""
    return Bounds("floor", low, beyond)


def at_most(high: float) -> Bounds:
    """A ceiling."""
    return Bounds("ceiling", -math.inf, high)


def same_within(factor: float) -> Bounds:
    """Equivalent: from 1 / `factor` to `factor`. Not significantly different is not the same."""
    return Bounds("equivalent", 1 / factor, factor)


def share_of_best(share: float) -> Bounds:
    """Within some share, 0 to 1, of the best. Never "is the best": ties change from run to run."""
    return Bounds("within", share, math.inf)


def exactly(count: int) -> Bounds:
    """Counted, the same in every round: one round against it contradicts it, and no statistics are needed."""
    return Bounds("count", count, count)


FORKED = ("fork", "forkserver")
"""Workers that are forked from a process which has torch. Where it is the same to an experiment how its workers start,
a fork server has imported it (see `starting`).
"""


@dataclass(frozen=True)
class Claim:
    """`statistic` must lie within `bounds`; `because` says why these and no others.

    `id`: as the pages name it. `say` prints a value with its unit. `needs_cores`: cores' worth of work that the machine
    must have had to give for the claim to be judged; 0 where nothing is timed. `below_cores`: it speaks only of
    machines with fewer usable cores. `tiers`: which results it speaks of. `start_methods`: it speaks only of workers
    that are started by these; of all where none is named.
    """

    id: str
    statistic: Statistic
    bounds: Bounds
    because: str
    say: Callable[[float], str] = times
    needs_cores: float = 1.0
    below_cores: float = math.inf
    tiers: tuple[Tier, ...] = ("cpu", "gpu")
    start_methods: tuple[str, ...] = ()

    @property
    def predicate(self) -> str:
        """The whole claim in words."""
        return f"{self.statistic.words} must be {self.must_be}"

    @property
    def must_be(self) -> str:
        """Its bounds in words: `at least 2.0 times`."""
        return self.bounds.words(self.say_bound)

    def say_bound(self, bound: float) -> str:
        """As `say` does, but for times to the third digit: nobody measured a bound."""
        return exact_times(bound) if self.say is times else self.say(bound)


@dataclass(frozen=True)
class Statement:
    """What the first version of a guide said, verbatim. It holds where the claims of `supported_by` (their ids) do, and
    not where those of `refuted_by` do; with both it depends, and `where` says on what.
    """

    quote: str
    guide: str
    supported_by: tuple[str, ...] = ()
    refuted_by: tuple[str, ...] = ()
    where: str = ""
