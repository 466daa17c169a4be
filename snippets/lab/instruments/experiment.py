"""What an experiment is: one question, the arms that answer it, and what would make the answer wrong."""

import multiprocessing
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, fields
from typing import Any, Literal

ROUNDS = 7
"""Rounds of a pass. Byte counts, which do not scatter, need fewer."""
ROUNDS_SHORT = 5
"""The most rounds of a pass in the short form. With the truth at a bound, all five lie on the wrong side of it once in
32 times.
"""

Better = Literal["higher", "lower"]

Values = Mapping[str, float]
"""What one run of an arm gave, by name. The experiment's `unit` is that of its headline; what the arm is measured with
says the units of the others.
"""

Span = dict[str, Any]
"""One process doing one thing: its `lane` and `role`, as text; `start` and `end`, in seconds since the run began; and
`batch`, the number of the batch or None. A dictionary, for it is handed on as JSON (and read as `results.TraceSpan`).
"""


@dataclass(frozen=True)
class Sample:
    """One run of one arm. `trace`: the spans of a timeline. Of each arm, results keep those of the median round."""

    values: Values
    trace: list[Span] | None = None


Arm = Callable[[], Sample]
Arms = Callable[[], AbstractContextManager[Mapping[str, Arm]]]
Parameter = str | int | float | bool | list[int]


@dataclass(frozen=True, kw_only=True)
class About:
    """What an experiment says of itself, and what each result repeats.

    `better` is None where values are counted, and none is better. `headline` names the value that the figure shows, in
    `unit`. `again` names the arm that runs twice in each round: the two must agree (A/A), or the pass resolved nothing.
    `params`: what the arms ran with, by name. `warmup`: runs of each arm that are thrown away first. `rounds`: runs of
    each arm in a pass.
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
        """A parameter that is one number. Raises KeyError, and TypeError where it is a text or a list."""
        value = self.params[parameter]
        if isinstance(value, str | list):
            raise TypeError(f"{parameter} is {value!r}, and no number")
        return value

    def numbers(self, parameter: str) -> list[int]:
        """A parameter that is a list of numbers. Raises KeyError, and TypeError where it is no list."""
        value = self.params[parameter]
        if not isinstance(value, list):
            raise TypeError(f"{parameter} is {value!r}, and no list")
        return value


@dataclass(frozen=True, kw_only=True)
class Experiment(About):
    """One question and its arms.

    `arms`: by name, or a function whose context manager yields them, once per pass, when it has prepared what they
    need. `unavailable` says why it cannot run here; None if it can. `deadline`: seconds after which a pass is stopped
    as hung; where workers are spawned, starting them takes most of a pass. `any_start`: how workers start is not what
    is looked at, so they start in the way that costs least (see `starting`); else as is usual here. A claim of which
    the start is a part names the start methods that it speaks of. `afresh`: it looks at memory, so its process is none
    that was forked from another, with which it would share what that one has imported. `short` gives what is measured
    in the short form, where fewer rounds would not save enough; it is asked when a pass begins.
    """

    arms: Mapping[str, Arm] | Arms
    unavailable: Callable[[], str | None] = lambda: None
    deadline: float = 900.0
    any_start: bool = False
    afresh: bool = False
    short: Callable[[], "Experiment"] | None = None

    def prepared(self) -> AbstractContextManager[Mapping[str, Arm]]:
        return nullcontext(self.arms) if isinstance(self.arms, Mapping) else self.arms()


def about(described: About) -> About:
    """The description alone, of an experiment or of a result."""
    return About(**{attribute.name: getattr(described, attribute.name) for attribute in fields(About)})


AGAIN = " (again)"
"""Suffix of the second run of the A/A arm."""


def needs_fork() -> str | None:
    """For `unavailable`: why an experiment that forks cannot run here; None if it can."""
    if "fork" not in multiprocessing.get_all_start_methods():
        return "this system has no fork"
    return "on macOS a forked process may break in the system's own libraries" if sys.platform == "darwin" else None
