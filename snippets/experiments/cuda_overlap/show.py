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
        "waited_none": percent(result.estimate(NONE, "waited_steady").median),
        "waited_eight": percent(result.estimate(EIGHT, "waited_steady").median),
        "main_cpu": percent(result.estimate(EIGHT, "main_cpu").median),
        "batches": str(result.params["batches"]),
        "batch_size": str(result.params["batch_size"]),
    }


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"{say['batches']} batches of {say['batch_size']} photos, and a step on the GPU for each. With 0 workers a "
        f"batch takes {say['none']} where the loop waits for each step, and {say['unawaited']} where it does not; with "
        f"8 workers, once they run, {say['eight']}. The GPU waits for {say['waited_none']} of the upper run and, once "
        f"the workers run, for {say['waited_eight']} of the lower one."
    )
    titles = {NONE: "num_workers=0, each step waited for", EIGHT: "num_workers=8"}
    rows = tuple((arm, interval(result.estimate(arm), "s")) for arm in ARMS)
    chart = timeline(result, titles, step="step (on the GPU)")
    return Figure(message, chart, Table(("", "From one batch to the next"), rows))
