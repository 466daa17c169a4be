"""GPU utilisation says neither that a GPU is used well, nor why it is idle; the wait for batches says that."""

from snippets.experiments.utilisation.arms import HELD_UP, ONE_THREAD, STARVED
from snippets.lab.judging.claim import Claim, at_least, at_most, ratio, same_within, value
from snippets.lab.numbers import percent

CLAIMS = (
    Claim(
        "one-thread-counts-as-a-busy-gpu",
        value("the utilisation that nvidia-smi tells while one thread of the GPU computes", ONE_THREAD, "utilised"),
        at_least(0.8),
        because="It is the share of the time in which any kernel ran, however small; between two steps the loop "
        "receives a batch.",
        say=percent,
        needs_cores=2,
        tiers=("gpu",),
    ),
    Claim(
        "utilisation-tells-no-wait-from-a-pause",
        ratio(
            "the utilisation of a loop that waits for its batches over that of one that pauses for as long by itself",
            STARVED,
            HELD_UP,
            "utilised",
        ),
        same_within(1.35),
        because="Both leave the GPU idle for half of the time.",
        say=percent,
        needs_cores=2,
        tiers=("gpu",),
    ),
    Claim(
        "a-starved-loop-waits-for-its-batches",
        value("the share of its time for which a starved loop waits for its batches", STARVED, "waited"),
        at_least(0.35),
        because="A batch takes two steps’ time, and only the first of them is hidden behind a step.",
        say=percent,
        needs_cores=2,
        tiers=("gpu",),
    ),
    Claim(
        "a-loop-that-pauses-waits-for-no-batch",
        value("the share of its time for which a loop that pauses by itself waits for its batches", HELD_UP, "waited"),
        at_most(0.1),
        because="Its batches are there; the wait is receiving them.",
        say=percent,
        needs_cores=2,
        tiers=("gpu",),
    ),
)
