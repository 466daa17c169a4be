"""Timelines of decoding photos for a real GPU, with and without workers."""

from snippets.lab.figure import Figure
from snippets.lab.numbers import percent, time, times
from snippets.lab.results import Measured
from snippets.lab.timelines import epochs, timeline

NONE, EIGHT = "0 workers", "8 workers"
ARMS = (NONE, "2 workers", "4 workers", EIGHT)


def values(result: Measured) -> dict[str, str]:
    return {
        "none": time(result.estimate(NONE).median),
        "eight": time(result.estimate(EIGHT).median),
        "speedup": times(result.ratio(NONE, EIGHT).median),
        "waited_none": percent(result.estimate(NONE, "waited").median),
        "waited_eight": percent(result.estimate(EIGHT, "waited").median),
        "batches": str(result.params["batches"]),
        "batch_size": str(result.params["batch_size"]),
    }


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"{say['batches']} batches of {say['batch_size']} photos, and a step on the GPU for each. The epoch takes "
        f"{say['none']} with 0 workers and {say['eight']} with 8; the GPU waits for {say['waited_none']} and "
        f"{say['waited_eight']} of it."
    )
    titles = {arm: f"num_workers={arm.split()[0]}" for arm in (NONE, EIGHT)}
    return Figure(message, timeline(result, titles, step="step (on the GPU)"), epochs(result, ARMS))
