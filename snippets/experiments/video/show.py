"""Dots on a log scale: the CPU time of a clip, and the time from clip to clip with workers."""

from snippets.experiments.video.arms import FAR, NEAR, ONE_THREAD, OWN_THREADS, WHOLE
from snippets.lab.figures.figure import Bar, BarGroup, Bars, Figure, Table
from snippets.lab.numbers import duration
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import Estimate, estimate, interval

GROUPS = {
    "CPU time of a clip": {
        "whole file decoded": WHOLE,
        "sought, a key frame every 10 s": FAR,
        "sought, every half second": NEAR,
    },
    "from clip to clip, with workers": {"decoders start threads": OWN_THREADS, "decoders have one thread": ONE_THREAD},
}


VALUES = {"whole": WHOLE, "far": FAR, "near": NEAR, "own_threads": OWN_THREADS, "one_thread": ONE_THREAD}


def in_milliseconds(result: Measured, arm: str) -> Estimate:
    return estimate([1e3 * seconds for seconds in result.samples_of(arm)])


def values(result: Measured) -> dict[str, str]:
    durations = {name: duration(result.estimate(arm).median) for name, arm in VALUES.items()}
    return {"workers": str(result.params["workers"]), **durations}


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"A clip of 16 frames takes {say['whole']} of CPU time where the whole video is decoded, {say['far']} sought "
        f"with a key frame every 10 s, and {say['near']} with one every half second. {say['workers']} workers deliver "
        f"one in {say['own_threads']} with decoders that start threads, and in {say['one_thread']} with decoders of "
        f"one thread."
    )
    groups = tuple(
        BarGroup(title, tuple(Bar(label, in_milliseconds(result, arm), "fetch") for label, arm in arms.items()))
        for title, arms in GROUPS.items()
    )
    rows = tuple(
        (f"{title}: {label}", interval(in_milliseconds(result, arm)))
        for title, arms in GROUPS.items()
        for label, arm in arms.items()
    )
    return Figure(message, Bars("ms per clip", "lower", groups, "log"), Table(("", "ms per clip"), rows))
