"""What figures call the items of `workloads.py`, and the role whose colour each has."""

from snippets.lab.figures.figure import Role

KINDS: dict[str, tuple[str, Role]] = {
    "waiting": ("waiting (sleep)", "wait"),
    "computing": ("computing (decode a photo)", "fetch"),
    "both": ("both (wait, then decode)", "collate"),
    "in memory": ("in memory (rows of a tensor)", "receive"),
}
