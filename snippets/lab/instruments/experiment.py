"""What an experiment is: one question, the arms that answer it, and what would make the answer wrong."""

import multiprocessing
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, fields
from typing import Any, Literal

ROUNDS = 7
"""Rounds of a pass. Byte counts, which do not scatter, may take fewer."""
ROUNDS_SHORT = 5
"""At most, in the short form. With the truth at a bound, all five lie on the wrong side of it once in 32 times."""

Better = Literal["higher", "lower"]

Values = Mapping[str, float]
"""What one run of an arm gave: named numbers; `unit` of the experiment speaks of the headline."""


@dataclass(frozen=True)
class Sample:
    """One run of one arm. `trace` holds the lanes of a timeline; only the median round's is kept."""

    values: Values
    trace: list[dict[str, Any]] | None = None


Arm = Callable[[], Sample]
Arms = Callable[[], AbstractContextManager[Mapping[str, Arm]]]
Parameter = str | int | float | bool | list[int]


@dataclass(frozen=True, kw_only=True)
class About:
    """What an experiment says of itself, and what each result repeats.

    `better` is None where values are counted, and none is better. `headline` names the value that the figure shows, in
    `unit`. `again` names the arm that runs twice in each round: the two must agree (A/A), or the pass resolved nothing.
    `warmup`: runs of each arm that are thrown away first.
    """

    question: str = ""
    unit: str = ""
    better: Better | None = "higher"
    headline: str = ""
    pitfalls: str = ""
    again: str | None = None
    params: dict[str, Parameter] = field(default_factory=dict)
    warmup: int = 1
    rounds: int = ROUNDS

    def number(self, parameter: str) -> float:
        """A parameter that is one. Raises KeyError, and TypeError where it is a text or a list."""
        found = self.params[parameter]
        if isinstance(found, str | list):
            raise TypeError(f"{parameter} is {found!r}, and no number")
        return found

    def numbers(self, parameter: str) -> list[int]:
        """A parameter that is a list. Raises KeyError, and TypeError where it is none."""
        found = self.params[parameter]
        if not isinstance(found, list):
            raise TypeError(f"{parameter} is {found!r}, and no list")
        return found


@dataclass(frozen=True, kw_only=True)
class Experiment(About):
    """One question and its arms.

    `arms` by name, or a context manager that yields them, once per pass, when it has prepared what they need.
    `unavailable` says why it cannot run here. `deadline`: seconds after which a pass is stopped as hung; where workers
    are spawned, starting them takes most of a pass.
    """

    arms: Mapping[str, Arm] | Arms
    unavailable: Callable[[], str | None] = lambda: None
    deadline: float = 900.0

    def prepared(self) -> AbstractContextManager[Mapping[str, Arm]]:
        return nullcontext(self.arms) if isinstance(self.arms, Mapping) else self.arms()


def about(described: About) -> About:
    """What it says of itself alone, be it an experiment or a result."""
    return About(**{each.name: getattr(described, each.name) for each in fields(About)})


AGAIN = " (again)"
"""Suffix of the second run of the A/A arm."""


def needs_fork() -> str | None:
    """For `unavailable`."""
    return None if "fork" in multiprocessing.get_all_start_methods() else "this system has no fork"
