"""What workers hide of decoding behind a real step on a GPU, and what a loop hides by itself that does not wait."""

from snippets.experiments.cuda_overlap.arms import EIGHT, NONE, UNAWAITED
from snippets.experiments.gpu_checks import alike, checked, step_over
from snippets.lab.judging.claim import Claim, at_least, ratio, value
from snippets.lab.numbers import percent

HALF = step_over(NONE, "decode", 0.3, 0.6)
"""As each step is made, about: cores that are quick while the step is made, and then slow down, make it a smaller part.
Both claims live by it; the smaller the step, the more both gain.
"""

CLAIMS = (
    Claim(
        "launches-overlap-without-workers",
        checked(
            value(
                "the share of the time of the steps on a GPU in which the main process already makes the next batch, "
                "with 0 workers in a loop that does not wait for its steps",
                UNAWAITED,
                "hidden",
            ),
            HALF,
        ),
        at_least(0.7),
        because="A step takes about half as long as decoding a batch. Not waited for, it runs while the next batch is "
        "decoded; waited for, it would come on top. But it begins while the main process still launches its rest.",
        say=percent,
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
        because="Without workers decoding sets the pace; with enough of them the step does, which takes about half as "
        "long.",
        needs_cores=5,
        tiers=("gpu",),
    ),
)
