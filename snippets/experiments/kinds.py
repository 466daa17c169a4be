"""What figures call the items of `workloads.py`, with the role whose colour each has, and the varied workloads."""

from snippets.lab.figures.figure import Role

KINDS: dict[str, tuple[str, Role]] = {
    "waiting": ("waiting (sleep)", "wait"),
    "computing": ("computing (decode a photo)", "fetch"),
    "both": ("both (wait, then decode)", "collate"),
    "in memory": ("in memory (rows of a tensor)", "receive"),
}

WORKLOADS = {
    "photos": "decoded photos",
    "large photos": "photos at a large size",
    "sprites": "small sprites, decoded",
    "waits": "a wait per item",
    "long tail": "waits, lognormal",
    "two costs": "waits of two lengths",
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
    "short epochs": "epochs of a few batches",
    "step on a core": "photos; the step keeps one core busy",
    "step on all cores": "photos; the step keeps all cores busy",
}
"""Those of `varied_workloads.py`, by name."""
