"""The arms of this experiment, by name."""


def tried(workload: str, count: int) -> str:
    return f"{workload}, {count} workers"


def as_chosen(workload: str) -> str:
    return f"{workload}, as chosen"


CANNOT_TELL = -1
"""In the place of a chosen count, where the function says that it cannot tell."""
