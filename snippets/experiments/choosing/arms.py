"""The arms of this experiment, by name."""


def tried(workload: str, count: int) -> str:
    return f"{workload}, {count} workers"


def as_chosen(workload: str) -> str:
    return f"{workload}, as chosen"
