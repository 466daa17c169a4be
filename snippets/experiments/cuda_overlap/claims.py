"""What workers hide of decoding behind a real step on a GPU."""

from snippets.lab.claim import Claim, at_least, ratio

CLAIMS = (
    Claim(
        "workers-feed-a-gpu",
        ratio("the epoch with 0 workers over the same epoch with 8, with a step on a GPU", "0 workers", "8 workers"),
        at_least(1.3),
        because="Decoding sixteen photos takes longer than the step of 30 ms, and needs no GPU.",
        needs_cores=4,
        tiers=("gpu",),
    ),
)
