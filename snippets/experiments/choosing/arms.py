"""The arms of this experiment, by name: workloads, the counts that are tried, and who chooses one."""

from snippets.lab.figures.figure import Role

COUNTS = (*range(9),)
"""Workers that are tried on every workload."""
MORE = (12, 16)
"""And these where items wait."""

WORKLOADS = {
    "photos": "decoded photos",
    "large photos": "photos, four times as many pixels",
    "sprites": "small sprites, decoded",
    "waits": "a wait per item",
    "long tail": "waits, lognormal",
    "two costs": "one item in eight waits ten times as long",
    "distant photos": "photos that arrive after a wait",
    "fetched together": "a wait per batch (__getitems__)",
    "texts": "texts of many lengths, padded",
    "sounds": "sounds, by Fourier transform",
    "objects": "nested lists and strings",
    "stream": "lines of JSON, an IterableDataset",
    "rows": "rows of a tensor in memory",
    "large items": "items of megabytes",
    "many tensors": "many small tensors an item",
    "single items": "cheap items, one to a batch",
    "short epochs": "epochs shorter than starting workers",
    "step on a core": "photos; the step keeps one core busy",
    "step on all cores": "photos; the step keeps all cores busy",
}
"""What pictures call each."""
WAITING = ("waits", "long tail", "two costs", "distant photos", "fetched together")
"""Workloads whose items wait, at least for a part of their time."""

CHOOSERS: dict[str, Role] = {"the function": "step"}
"""Who chooses a count, and the role whose mark each has. One more is a line here and one in `measure.CHOOSERS`."""
FUNCTION = "the function"


def counts(workload: str) -> tuple[int, ...]:
    return (*COUNTS, *MORE) if workload in WAITING else COUNTS


def tried(workload: str, count: int) -> str:
    return f"{workload}, {count} workers"


def chosen_by(chooser: str, workload: str) -> str:
    return f"{workload}, chosen by {chooser}"
