"""The arms of this experiment, by name."""

METHODS = ("fork", "forkserver", "spawn")
"""Start methods, which not every system has; each is an arm."""
PRELOADED = "forkserver, torch preloaded"


def second_epoch(method: str) -> str:
    return f"{method}, second epoch without persistent_workers"


def large(method: str) -> str:
    """With a dataset of so many bytes."""
    return f"{method}, 1 MB"
