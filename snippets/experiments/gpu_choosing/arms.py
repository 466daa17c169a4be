"""The arms of this experiment, by name: loops that train on a GPU, who chooses their workers, and what is watched."""

COUNTS = (0, 1, 2, 4, 8, 16, 24, 32)
"""Workers. Tried are those of which at most two share a core."""
PHOTOS, DISTANT, ROWS = "photos", "distant photos", "rows"
LOOPS = (PHOTOS, DISTANT, ROWS)
"""Named as the same items are among the varied workloads; here a GPU takes each step."""

FUNCTION, TUNER = "the function", "the tuner"
CHOOSERS = (FUNCTION, TUNER)

ONE_WORKER = "watched, photos with one worker"
LONG_STEP, KEPT = "watched, a step that outlasts loading", "watched, one batch again and again"
RIGHT = {ONE_WORKER: "STARVED", LONG_STEP: "FED", KEPT: "FED"}
"""Loops that the doctor watches, and the one verdict that is right. In the last two the loop runs ahead of its GPU."""


def counts(cores: float) -> list[int]:
    return [count for count in COUNTS if count <= max(2, 2 * cores)]


def tried(loop: str, count: int) -> str:
    return f"{loop}, {count} workers"


def chosen_by(chooser: str, loop: str) -> str:
    return f"{loop}, chosen by {chooser}"
