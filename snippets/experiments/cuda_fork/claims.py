"""What a forked worker may not do."""

from snippets.lab.judging.claim import Claim, exactly, value
from snippets.lab.numbers import number


def counted(claim_id: str, words: str, arm: str, count: int, because: str) -> Claim:
    statistic = value(words, arm, "refused")
    return Claim(claim_id, statistic, exactly(count), because, say=number, needs_cores=0.0, tiers=("gpu",))


CLAIMS = (
    counted(
        "forked-workers-may-not-use-cuda",
        "the errors of a forked worker that touches CUDA after its parent did",
        "fork",
        1,
        "A CUDA context does not survive a fork, and torch says so instead of going on.",
    ),
    counted(
        "spawned-workers-may-use-cuda",
        "the errors of a spawned worker that touches CUDA after its parent did",
        "spawn",
        0,
        "A spawned worker begins without a context and makes one of its own.",
    ),
)
