"""What each batch of the experiment costs, for the workers that wait so long and for the model that predicts it."""

import random

BATCHES, SECONDS, SLOW_SECONDS, SLOW = 96, 0.006, 0.060, 6
WORKERS = 4

SOME = frozenset(random.Random(5).sample(range(BATCHES), SLOW))
"""Slow batches where they happen to lie."""
PERIODIC = frozenset(range(8, BATCHES, BATCHES // SLOW))
"""As many, at a distance that the worker count divides: so they all come to one worker."""
CASES: dict[str, frozenset[int]] = {"some slow": SOME, "every 16th slow": PERIODIC, "none slow": frozenset()}


def seconds(case: str, batch: int) -> float:
    return SLOW_SECONDS if batch in CASES[case] else SECONDS


def lower_bound(case: str) -> float:
    """Seconds in which no loader can be done sooner: the work, divided evenly among the workers."""
    return sum(seconds(case, batch) for batch in range(BATCHES)) / WORKERS
