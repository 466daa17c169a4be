"""What prefetching more and delivering out of order hide of slow batches. Nothing computes: no quiet cores needed."""

from snippets.experiments.stragglers.arms import FACTORS, arm
from snippets.experiments.stragglers.show import over_predicted
from snippets.lab.judging.claim import Claim, Statistic, at_least, at_most, ratio, same_within
from snippets.lab.numbers import percent

FEW, MOST = FACTORS[0], FACTORS[-1]

CLAIMS = (
    Claim(
        "the-model-predicts-stragglers",
        Statistic("the measured epoch over the predicted one, the geometric mean of all arms", over_predicted),
        same_within(1.2),
        because="The model leaves out waking up and handing over; a millisecond in a batch of 6 would be a sixth.",
        say=percent,
    ),
    Claim(
        "prefetching-hides-stragglers",
        ratio(
            "the epoch with prefetch_factor=1 over that with 8, some batches slow, in order",
            arm("some slow", FEW, True),
            arm("some slow", MOST, True),
        ),
        at_least(1.2),
        because="With more batches assigned, the other workers have more to do behind a slow one.",
    ),
    Claim(
        "out-of-order-passes-stragglers",
        ratio(
            "the epoch in order over that out of order, prefetch_factor=2, some batches slow",
            arm("some slow", 2, True),
            arm("some slow", 2, False),
        ),
        at_least(1.2),
        because="Nobody waits behind a slow batch, and its worker gets fewer.",
    ),
    Claim(
        "prefetching-where-batches-are-alike",
        ratio(
            "the epoch with prefetch_factor=1 over that with 8, all batches alike",
            arm("none slow", FEW, True),
            arm("none slow", MOST, True),
        ),
        at_most(1.35),
        because="Where all batches cost the same, no worker gets ahead of the others; asking takes the rest.",
    ),
    Claim(
        "a-period-hits-one-worker",
        ratio(
            "the epoch with every 16th batch slow over that with as many slow anywhere, prefetch_factor=2",
            arm("every 16th slow", 2, True),
            arm("some slow", 2, True),
        ),
        at_least(1.05),
        because="16 is a multiple of four workers, so one of them gets every slow batch.",
    ),
)
