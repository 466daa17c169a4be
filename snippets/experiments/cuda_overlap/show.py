"""Timelines of decoding photos for a real GPU, with and without workers."""

from snippets.experiments.cuda_overlap.arms import COUNTS, EIGHT, NONE, UNAWAITED, arm
from snippets.lab.figures.figure import Figure, Table
from snippets.lab.figures.timelines import timeline
from snippets.lab.numbers import duration, percent, times
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import interval

ARMS = (NONE, UNAWAITED, *(arm(count) for count in COUNTS[1:]))


def values(result: Measured) -> dict[str, str]:
    return {
        "none": duration(result.estimate(NONE).median),
        "unawaited": duration(result.estimate(UNAWAITED).median),
        "eight": duration(result.estimate(EIGHT).median),
        "speedup": times(result.ratio(UNAWAITED, EIGHT).median),
        "idle_none": percent(result.estimate(NONE, "idle").median),
        "idle_unawaited": percent(result.estimate(UNAWAITED, "idle").median),
        "idle_eight": percent(result.estimate(EIGHT, "idle").median),
        "main_cpu": percent(result.estimate(EIGHT, "main_cpu").median),
        "batches": str(result.params["batches"]),
        "batch_size": str(result.params["batch_size"]),
    }


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"{say['batches']} batches of {say['batch_size']} photos, and a step on the GPU for each. With 0 workers a "
        f"batch takes {say['none']} where the loop waits for each step, and {say['unawaited']} where it does not; with "
        f"8 workers, once they run, {say['eight']}. The GPU is idle for {say['idle_none']} of the upper run and for "
        f"{say['idle_unawaited']} of the middle one; for {say['idle_eight']} of the lower one, once the workers run."
    )
    titles = {
        NONE: "num_workers=0, each step waited for",
        UNAWAITED: "num_workers=0, no step waited for",
        EIGHT: "num_workers=8, each step waited for",
    }
    rows = tuple(
        (
            arm,
            interval(result.estimate(arm), "s"),
            duration(result.estimate(arm, "step").median),
            percent(result.estimate(arm, "idle").median),
        )
        for arm in ARMS
    )
    chart = timeline(result, titles, step="step (main launches it, the GPU runs it)")
    return Figure(message, chart, Table(("", "From one batch to the next", "A step", "GPU idle"), rows))
