"""The arms of this experiment, by name."""

COUNTS = (0, 1, 2, 4, 8)
"""Workers that are tried on every machine, beside the counts that rules of thumb give for it."""


def arm(kind: str, count: int) -> str:
    return f"{kind}, {count} workers"
