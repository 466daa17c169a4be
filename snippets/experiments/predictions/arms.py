"""The arms of this experiment are workloads, by name. What of each is measured and predicted, and how that is named."""

COUNTS = (2, 3, 4, 8)
"""Workers that are predicted from what none and one cost."""
WAITING = ("waits", "long tail", "two costs", "fetched together")
"""Workloads in which nobody computes much: cores stay idle."""


def measured(what: str, count: int) -> str:
    return f"{what}, {count} workers"


def predicted(what: str, count: int) -> str:
    return f"{what}, {count} workers, predicted"
