"""Timelines of decoding photos with 0, 2 and 4 workers."""

from snippets.experiments.photos_overlap.arms import FOUR, NONE, TWO
from snippets.lab.figures.figure import Figure
from snippets.lab.figures.timelines import epochs, timeline
from snippets.lab.numbers import duration, percent, times
from snippets.lab.results.results import Measured


def values(result: Measured) -> dict[str, str]:
    return {
        "none": duration(result.estimate(NONE).median),
        "two": duration(result.estimate(TWO).median),
        "four": duration(result.estimate(FOUR).median),
        "speedup_two": times(result.ratio(NONE, TWO, "per_batch").median),
        "speedup_four": times(result.ratio(NONE, FOUR, "per_batch").median),
        "waited_none": percent(result.estimate(NONE, "waited").median),
        "waited_two": percent(result.estimate(TWO, "waited_steady").median),
        "waited_four": percent(result.estimate(FOUR, "waited_steady").median),
        "step": duration(result.number("step_seconds")),
        "batches": str(result.params["batches"]),
        "batch_size": str(result.params["batch_size"]),
    }


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"{say['batches']} batches of {say['batch_size']} photos. The epoch takes {say['none']} with 0 workers, "
        f"{say['two']} with 2 and {say['four']} with 4, started by {result.start_method}. "
        f"Without workers the step waits for {say['waited_none']} of "
        f"it; once all workers run, it waits for {say['waited_two']} of the time with 2 and for "
        f"{say['waited_four']} with 4. Decoding needs cores, so the workers share them."
    )
    titles = {arm: f"num_workers={arm.split()[0]}" for arm in (NONE, TWO, FOUR)}
    return Figure(message, timeline(result, titles), epochs(result, (NONE, TWO, FOUR)))
