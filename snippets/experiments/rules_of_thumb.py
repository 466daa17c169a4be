"""Rules of thumb for `num_workers`, as their sources state them, and the counts they give for a machine."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Facts:
    """What the rules ask for: `cpu_count` of the node, usable `cores`, `gpus`, and the batch size; one rank."""

    cpu_count: int
    cores: int
    gpus: int
    batch_size: int


@dataclass(frozen=True)
class Rule:
    """`count` gives None where the rule has no number for a machine."""

    name: str
    source: str
    count: Callable[[Facts], int | None]


RULES = (
    Rule("the default", "torch, Hugging Face Trainer", lambda facts: 0),
    Rule("half the CPUs", "this guide’s first version", lambda facts: facts.cpu_count // 2),
    Rule("CPUs − 1", "Lightning, in its code", lambda facts: max(1, facts.cpu_count - 1)),
    Rule("all CPUs", "Lightning, in its documentation", lambda facts: facts.cpu_count),
    Rule("CPUs up to 8", "YOLOv5", lambda facts: min(facts.cpu_count, facts.batch_size, 8)),
    Rule("CPUs up to 16", "fastai", lambda facts: min(16, facts.cpu_count)),
    Rule("usable cores", "torch’s warning", lambda facts: facts.cores),
    Rule("start with 4", "this guide’s first version", lambda facts: 4),
    Rule("4 per GPU", "this guide’s first version", lambda facts: 4 * facts.gpus or None),
    Rule("2 to 4 per GPU", "PyTorch’s tutorial of 2026", lambda facts: 2 * facts.gpus or None),
    Rule("an eighth of the cores", "SPDL", lambda facts: facts.cores // 8 or None),
)

MOST = 32
"""More workers are not tried: a rule that asks for more has no number here."""


def counts(facts: Facts) -> list[int]:
    """Every count that some rule gives for this machine, each once, in order."""
    asked = {rule.count(facts) for rule in RULES}
    return sorted(count for count in asked if count is not None and count <= MOST)
