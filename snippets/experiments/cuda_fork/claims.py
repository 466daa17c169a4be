"""What a forked worker may not do."""

from snippets.experiments.counts import exact
from snippets.lab.judging.claim import value

CLAIMS = (
    exact(
        "forked-workers-may-not-use-cuda",
        value("the errors of a forked worker that touches CUDA after its parent did", "fork", "refused"),
        1,
        "A CUDA context does not survive a fork, and torch says so instead of going on.",
        tiers=("gpu",),
    ),
    exact(
        "spawned-workers-may-use-cuda",
        value("the errors of a spawned worker that touches CUDA after its parent did", "spawn", "refused"),
        0,
        "A spawned worker begins without a context and makes one of its own.",
        tiers=("gpu",),
    ),
)
