"""The arms of this experiment, by name."""

CASES = ((1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (2, 2), (2, 4))
"""Ranks, and workers in each."""


def arm(ranks: int, workers: int) -> str:
    return f"{ranks} ranks, {workers} workers each"
