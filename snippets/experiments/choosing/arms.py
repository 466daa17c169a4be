"""The arms of this experiment, by name: workloads, the counts that are tried, and who chooses one."""

COUNTS = (*range(9),)
"""Workers that are tried on every workload."""
MORE = (12, 16)
"""And these where items wait."""

WAITING = ("waits", "long tail", "two costs", "distant photos", "fetched together")
"""Workloads whose items wait, at least for a part of their time."""

FUNCTION = "the function"
"""The one that readers are told to use, among those who choose a count."""
TUNER = "the tuner"
"""The file that readers may download. It takes as long again, so it chooses in the full form alone."""
RULE = "the rule, by hand"
"""Batch divided by step and what goes with it, as the front page says it. It starts a worker to see whether one pays,
so it chooses in the full form alone, too.
"""


def counts(workload: str) -> tuple[int, ...]:
    return (*COUNTS, *MORE) if workload in WAITING else COUNTS


def tried(workload: str, count: int) -> str:
    return f"{workload}, {count} workers"


def chosen_by(chooser: str, workload: str) -> str:
    return f"{workload}, chosen by {chooser}"
