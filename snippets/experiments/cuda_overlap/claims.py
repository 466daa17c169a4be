"""What workers hide of decoding behind a real step on a GPU, and what a loop hides by itself that does not wait."""

from snippets.experiments.cuda_overlap.arms import EIGHT, NONE, UNAWAITED
from snippets.experiments.gpu_checks import alike, checked, step_over
from snippets.lab.judging.claim import Claim, at_least, ratio

HALF = step_over(NONE, "decode", 0.4, 0.6)
"""As each step is made. Both claims live by it."""

CLAIMS = (
    Claim(
        "launches-overlap-without-workers",
        checked(
            ratio(
                "seconds per batch with 0 workers in a loop that waits for each step on a GPU over those in one that "
                "does not",
                NONE,
                UNAWAITED,
            ),
            HALF,
            alike(NONE, UNAWAITED),
        ),
        at_least(1.2, beyond=2),
        because="A step takes half as long as decoding a batch. Waited for, it comes on top: 1.5 times. Not waited "
        "for, it runs while the next batch is decoded. Hiding one of two behind the other at most halves their time.",
        tiers=("gpu",),
    ),
    Claim(
        "workers-feed-a-gpu",
        checked(
            ratio(
                "seconds per batch with 0 workers in a loop that does not wait for its steps on a GPU over those with "
                "8 workers, once they run",
                UNAWAITED,
                EIGHT,
            ),
            HALF,
            alike(UNAWAITED, EIGHT),
        ),
        at_least(1.5),
        because="Without workers decoding sets the pace; with enough of them the step does, which takes half as long.",
        needs_cores=5,
        tiers=("gpu",),
    ),
)
