"""What four workers hide of a loader's waiting. Nothing here computes, so one core is enough to judge it.

What speaks of the whole epoch speaks of workers that have torch when they start: to import it takes longer than all
these batches.
"""

from snippets.experiments.sprites_overlap.arms import ALONE, HELPED, UNTRACED
from snippets.lab.judging.claim import FORKED, Claim, at_least, at_most, ratio, same_within, value
from snippets.lab.numbers import percent

CLAIMS = (
    Claim(
        "helpers-hide-waiting",
        ratio("the epoch with 0 workers over the same epoch with 4", ALONE, HELPED),
        at_least(2.5, beyond=3.7),
        because="24 loads of 96 ms and 24 steps of 30 ms take 3.02 s. With the loads hidden, one load and all steps "
        "remain: 0.82 s, so no machine can exceed 3.7 times. Starting workers takes part of that.",
        start_methods=FORKED,
    ),
    Claim(
        "four-leave-only-the-steps",
        ratio(
            "the time from batch to batch with 0 workers over that with 4, once all workers are at work",
            ALONE,
            HELPED,
            "per_batch",
        ),
        at_least(3.4, beyond=4.6),
        because="A load and a step take 126 ms, a step alone takes 30 ms: 4.2 times. A sleep may end late, and a load "
        "has eight.",
    ),
    Claim(
        "step-waits-alone",
        value("the share of the epoch in which no step runs, with 0 workers", ALONE, "waited"),
        at_least(0.6),
        because="96 of every 126 ms are loading: 76 %.",
        say=percent,
    ),
    Claim(
        "four-keep-up",
        value(
            "the share of the time in which no step runs, with 4 workers, once all of them are at work",
            HELPED,
            "waited_steady",
        ),
        at_most(0.1),
        because="Four workers have a batch every 24 ms, and a step takes 30 ms. What is left is receiving the batch.",
        say=percent,
    ),
    Claim(
        "first-batch-waits",
        ratio("the time to the first batch with 4 workers over that with 0", HELPED, ALONE, "first_batch"),
        at_least(1.0),
        because="A worker loads its first batch as long as main would, and must be started before.",
    ),
    Claim(
        "tracing-is-cheap",
        ratio("the traced epoch over the untraced one", HELPED, UNTRACED),
        same_within(1.1),
        because="The timelines would otherwise show the tracing.",
        say=percent,
        start_methods=FORKED,
    ),
)
