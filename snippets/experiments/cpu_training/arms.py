"""The arms of this experiment, by name."""


def arm(workers: int, threads: int) -> str:
    return f"{workers} workers, {threads} threads"


def counts(threads: int) -> tuple[int, ...]:
    """Of workers: those that are tried while the model has so many threads."""
    return (0, 1, 2) if threads == 1 else (0, 2)
