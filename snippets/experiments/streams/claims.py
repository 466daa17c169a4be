"""What a copy adds to a step on the step's own stream, and what is left of it on another one."""

from collections.abc import Callable
from statistics import median

from snippets.experiments.streams.arms import ALREADY, OWN, SAME
from snippets.lab.judging.claim import Claim, NotHere, Statistic, at_least, at_most, ratio
from snippets.lab.numbers import percent
from snippets.lab.results.results import Measured


def on_top(result: Measured, arm: str) -> list[float]:
    """The share of a copy by which a step with its copy takes longer than the work of the step: of the same run, so
    that the GPU's clock cancels.
    """
    whole, step, copy = (result.samples_of(arm, value) for value in ("per_step", "step", "copy"))
    if median(step) < median(copy):
        raise NotHere("a step was shorter than its copy here, and could not hide it")
    return [(all_of_it - work) / copied for all_of_it, work, copied in zip(whole, step, copy, strict=True)]


def share(words: str, of: Callable[[Measured], list[float]]) -> Statistic:
    return Statistic(f"the share of a copy to the GPU that {words}", of)


CLAIMS = (
    Claim(
        "one-stream-adds-the-copy",
        share("comes on top of a step on the same stream", lambda result: on_top(result, SAME)),
        at_least(0.75),
        because="What is queued on one stream runs one after the other: all of the copy comes on top.",
        say=percent,
        tiers=("gpu",),
    ),
    Claim(
        "own-stream-hides-the-copy",
        share(
            "is hidden behind a step, on a stream of its own",
            lambda result: [1 - share for share in on_top(result, OWN)],
        ),
        at_least(0.75),
        because="The GPU copies with other parts than it computes with, and a step takes longer than its copy.",
        say=percent,
        tiers=("gpu",),
    ),
    Claim(
        "a-hidden-copy-leaves-the-step",
        ratio(
            "the time of a step whose batch is copied on a stream of its own over that of a step whose batch is on "
            "the GPU already",
            OWN,
            ALREADY,
        ),
        at_most(1.25),
        because="A copy takes a small part of the bandwidth of the GPU’s memory, and none of its arithmetic.",
        tiers=("gpu",),
    ),
)
