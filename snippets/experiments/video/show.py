"""Dots on a log scale: the CPU time of a clip, and the time from clip to clip with workers."""

from snippets.experiments.video.arms import FAR, NEAR, ONE_THREAD, OWN_THREADS, WHOLE
from snippets.lab.figures.figure import Bar, BarGroup, Bars, Figure, Table
from snippets.lab.numbers import duration
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import Estimate, estimate, interval

GROUPS = {
    "CPU time of a clip": {
        "whole file decoded": WHOLE,
        "sought, key frames rare": FAR,
        "sought, key frames often": NEAR,
    },
    "from clip to clip, with workers": {"decoders start threads": OWN_THREADS, "decoders have one thread": ONE_THREAD},
}
VALUES = {"whole": WHOLE, "far": FAR, "near": NEAR, "own_threads": OWN_THREADS, "one_thread": ONE_THREAD}


def in_milliseconds(result: Measured, arm: str) -> Estimate:
    return estimate([1e3 * seconds for seconds in result.samples_of(arm)])


def values(result: Measured) -> dict[str, str]:
    durations = {name: duration(result.estimate(arm).median) for name, arm in VALUES.items()}
    return {**{name: str(result.params[name]) for name in ("rare", "often", "workers")}, **durations}


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"A clip takes {say['whole']} of CPU time cut out of the whole video, {say['far']} sought with a key frame in "
        f"every {say['rare']} frames, and {say['near']} with one in every {say['often']}. {say['workers']} workers "
        f"deliver one in {say['own_threads']} where decoders start threads, and in {say['one_thread']} where each has "
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
