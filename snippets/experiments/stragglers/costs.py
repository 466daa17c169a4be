"""What each batch of the experiment costs, for the workers that wait so long and for the model that predicts it."""

import random

BATCHES, SECONDS, SLOW_SECONDS, SLOW = 96, 0.006, 0.060, 6
WORKERS = 4
FACTORS = (1, 2, 4, 8)

SOME = frozenset(random.Random(5).sample(range(BATCHES), SLOW))
"""Slow batches where they happen to lie."""
PERIODIC = frozenset(range(8, BATCHES, BATCHES // SLOW))
"""As many, at a distance that the worker count divides: so they all come to one worker."""
CASES: dict[str, frozenset[int]] = {"some slow": SOME, "every 16th slow": PERIODIC, "none slow": frozenset()}
ARMS = (
    *(("some slow", factor, in_order) for factor in FACTORS for in_order in (True, False)),
    ("every 16th slow", 2, True),
    ("none slow", FACTORS[0], True),
    ("none slow", FACTORS[-1], True),
)
"""Case, prefetch_factor, in_order."""


def arm(case: str, prefetch_factor: int, in_order: bool) -> str:
    return f"{case}, prefetch_factor={prefetch_factor}, {'in order' if in_order else 'out of order'}"


def seconds(case: str, batch: int) -> float:
    return SLOW_SECONDS if batch in CASES[case] else SECONDS


def lower_bound(case: str) -> float:
    """Seconds in which no loader can be done sooner: the work, divided evenly among the workers."""
    return sum(seconds(case, batch) for batch in range(BATCHES)) / WORKERS
