"""What an experiment is: one question, the arms that answer it, and what would make the answer wrong."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Experiment:
    """One question and its arms.

    `arms` is a context manager that prepares (datasets, folders) once per pass and yields the arms by name.
    `better` is None where values are counted, and none is better. `headline` names the value that the figure shows.
    `again` names the arm that runs twice in each round: the two must agree (A/A), or the pass resolved nothing.
    `unavailable` says why it cannot run here.
    `warmup`: runs of each arm that are thrown away first. `deadline`: seconds after which a pass is stopped as hung;
    where workers are spawned, starting them takes most of a pass.
    """

    question: str
    unit: str
    better: Better | None
    headline: str
    pitfalls: str
    arms: Arms
    again: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    unavailable: Callable[[], str | None] = lambda: None
    warmup: int = 1
    rounds: int = ROUNDS
    deadline: float = 900.0


AGAIN = " (again)"
"""Suffix of the second run of the A/A arm."""


@contextmanager
def no_preparation(arms: Mapping[str, Arm]) -> Iterator[Mapping[str, Arm]]:
    """For experiments whose arms need nothing prepared."""
    yield arms
