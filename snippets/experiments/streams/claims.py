"""What a copy adds to a step on the step's own stream, and what is left of it on another one."""

from snippets.experiments.gpu_checks import checked, step_over
from snippets.experiments.streams.arms import ALREADY, OWN, SAME
from snippets.lab.judging.claim import Claim, Statistic, at_least, at_most, ratio
from snippets.lab.numbers import percent
from snippets.lab.results.results import Measured

TWICE = {arm: step_over(arm, "copy", 1.5, 2.6) for arm in (SAME, OWN)}
"""As each step is made: so it has room for a copy, and what is not hidden of one shows."""


def on_top(result: Measured, arm: str) -> list[float]:
    """The share of a copy by which a step with its copy takes longer than the work of the step: of the same run, so
    that the GPU's clock cancels.
    """
    whole, step, copy = (result.samples_of(arm, value) for value in ("per_step", "step", "copy"))
    return [(all_of_it - work) / copied for all_of_it, work, copied in zip(whole, step, copy, strict=True)]


CLAIMS = (
    Claim(
        "one-stream-adds-the-copy",
        checked(
            Statistic(
                "the share of a copy to the GPU that comes on top of a step on the same stream",
                lambda result: on_top(result, SAME),
            ),
            TWICE[SAME],
        ),
        at_least(0.75),
        because="What is queued on one stream runs one after the other: all of the copy comes on top.",
        say=percent,
        tiers=("gpu",),
    ),
    Claim(
        "own-stream-hides-the-copy",
        checked(
            Statistic(
                "the share of a copy to the GPU that is hidden behind a step, on a stream of its own",
                lambda result: [1 - share for share in on_top(result, OWN)],
            ),
            TWICE[OWN],
        ),
        at_least(0.75),
        because="The GPU copies with other parts than it computes with, and a step takes longer than its copy.",
        say=percent,
        tiers=("gpu",),
    ),
    Claim(
        "a-hidden-copy-leaves-the-step",
        checked(
            ratio(
                "the time of a step whose batch is copied on a stream of its own over that of a step whose batch is on "
                "the GPU already",
                OWN,
                ALREADY,
            ),
            TWICE[OWN],
        ),
        at_most(1.25),
        because="A copy takes a small part of the bandwidth of the GPU’s memory, and none of its arithmetic.",
        tiers=("gpu",),
    ),
)
