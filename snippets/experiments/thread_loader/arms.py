"""The arms of this experiment, by name."""

WAITS, PHOTOS, IN_PYTHON, LARGE = "waits", "photos", "pure Python", "large items"
"""What the items are."""
KINDS = (WAITS, PHOTOS, IN_PYTHON, LARGE)


def alone(kind: str) -> str:
    return f"{kind}, 0 workers"


def workers(kind: str) -> str:
    return f"{kind}, 2 workers"


def threads(kind: str) -> str:
    return f"{kind}, 2 threads"


UNDISTURBED = "a step in Python, nothing beside it"
BESIDE_WORKER = "a step in Python beside 1 worker in Python"
BESIDE_THREAD = "a step in Python beside 1 thread in Python"
BESIDE_DECODING = "a step in Python beside 1 thread that decodes"
"""The main process computes in Python, and what loads meanwhile does not end before the step does."""
