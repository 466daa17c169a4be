"""Claims that are counts: the same in every round, on every machine, however busy it is."""

from snippets.lab.judging.claim import Claim, Statistic, Tier, exactly, value
from snippets.lab.numbers import number

SOURCE = "Read in torch 2.13’s source, and counted here."
"""Why a count must be so, where no more is to be said."""


def exact(
    claim_id: str, statistic: Statistic, count: int, because: str, tiers: tuple[Tier, ...] = ("cpu", "gpu")
) -> Claim:
    return Claim(claim_id, statistic, exactly(count), because, say=number, needs_cores=0, tiers=tiers)


def counted(claim_id: str, words: str, arm: str, name: str, count: int, because: str) -> Claim:
    """Of the value `name` of one arm."""
    return exact(claim_id, value(words, arm, name), count, because)
