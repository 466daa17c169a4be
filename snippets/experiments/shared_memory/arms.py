"""The arms of this experiment, by name."""

CASES = ((1, 2), (2, 2), (4, 2), (2, 4))
"""Workers, and prefetch_factor."""
HELD = "a tensor in the dataset, forkserver"


def arm(workers: int, prefetch_factor: int) -> str:
    return f"{workers} workers, prefetch_factor={prefetch_factor}"
