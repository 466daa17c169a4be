"""What four workers hide of a loader's waiting. Nothing here computes, so one core is enough to judge it."""

from snippets.lab.claim import Claim, at_least, at_most, ratio, same_within, value
from snippets.lab.numbers import percent

ALONE, HELPED, UNTRACED = "0 workers", "4 workers", "4 workers, untraced"

CLAIMS = (
    Claim(
        "helpers-hide-waiting",
        ratio("the epoch with 0 workers over the same epoch with 4", ALONE, HELPED),
        at_least(2.0, beyond=3.3),
        because="Ten loads of 64 ms and ten steps of 20 ms take 0.84 s. With the loads hidden, one load and ten "
        "steps remain: 0.26 s, so no machine can exceed 3.2 times. Starting workers takes part of that.",
    ),
    Claim(
        "step-waits-alone",
        value("the share of the epoch in which no step runs, with 0 workers", ALONE, "waited"),
        at_least(0.6),
        because="64 of every 84 ms are loading: 76 %.",
        say=percent,
    ),
    Claim(
        "four-keep-up",
        value(
            "the share of the time after the first batch in which no step runs, with 4 workers",
            HELPED,
            "waited_after_first",
        ),
        at_most(0.2),
        because="Four workers have a batch every 16 ms, and a step takes 20 ms.",
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
    ),
)
