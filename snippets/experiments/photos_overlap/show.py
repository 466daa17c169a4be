"""Timelines of decoding photos with 0, 2 and 4 workers."""

from snippets.lab.figures.figure import Figure
from snippets.lab.figures.timelines import epochs, timeline
from snippets.lab.numbers import percent, time, times
from snippets.lab.results.results import Measured

ARMS = ("0 workers", "2 workers", "4 workers")


def values(result: Measured) -> dict[str, str]:
    none, two, four = ARMS
    return {
        "none": time(result.estimate(none).median),
        "two": time(result.estimate(two).median),
        "four": time(result.estimate(four).median),
        "speedup_two": times(result.ratio(none, two, "per_batch").median),
        "speedup_four": times(result.ratio(none, four, "per_batch").median),
        "waited_none": percent(result.estimate(none, "waited").median),
        "waited_two": percent(result.estimate(two, "waited_steady").median),
        "waited_four": percent(result.estimate(four, "waited_steady").median),
        "step": time(result.number("step_seconds")),
        "batches": str(result.params["batches"]),
        "batch_size": str(result.params["batch_size"]),
    }


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"{say['batches']} batches of {say['batch_size']} photos. The epoch takes {say['none']} with 0 workers, "
        f"{say['two']} with 2 and {say['four']} with 4. Without workers the step waits for {say['waited_none']} of "
        f"it; once all workers run, it waits for {say['waited_two']} of the time with 2 and for "
        f"{say['waited_four']} with 4. Decoding needs cores, so the workers share them."
    )
    titles = {arm: f"num_workers={arm.split()[0]}" for arm in ARMS}
    return Figure(message, timeline(result, titles), epochs(result, ARMS))
