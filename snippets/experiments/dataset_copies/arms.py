"""The arms of this experiment, by name."""

METHODS = ("fork", "spawn")
KINDS = ("empty", "numpy", "torch")
"""Of datasets."""


def arm(method: str, kind: str) -> str:
    return f"{method}, {kind}"
