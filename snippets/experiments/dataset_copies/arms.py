"""The arms of this experiment, by name."""

BESIDE_OTHERS = True
"""Nothing is timed, and what a worker has for itself moved by less than 2 % when others like it ran beside it."""

PRELOADED = "forkserver, torch preloaded"
METHODS = {"fork": "fork", "forkserver": "forkserver", PRELOADED: "preloaded", "spawn": "spawn"}
"""How the worker starts, and the word for it in the names of values."""
KINDS = ("empty", "numpy", "torch")
"""Of datasets."""


def arm(method: str, kind: str) -> str:
    return f"{method}, {kind}"
