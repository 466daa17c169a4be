"""The arms of this experiment, by name."""

COUNTS = (0, 2, 4, 8)
"""Workers behind a loop that waits for each step."""
UNAWAITED = "0 workers, not waiting for steps"


def arm(count: int) -> str:
    return f"{count} workers"


NONE, EIGHT = arm(0), arm(8)
