"""The two timelines that open the site: without helpers above, with four below."""

from snippets.experiments.sprites_overlap.arms import ALONE, HELPED, UNTRACED
from snippets.lab.figures.figure import Figure
from snippets.lab.figures.timelines import epochs, timeline
from snippets.lab.instruments.experiment import AGAIN
from snippets.lab.numbers import duration, number, percent, times
from snippets.lab.results.results import Measured


def values(result: Measured) -> dict[str, str]:
    return {
        "alone": duration(result.estimate(ALONE).median),
        "helped": duration(result.estimate(HELPED).median),
        "speedup": times(result.ratio(ALONE, HELPED).median),
        "speedup_steady": times(result.ratio(ALONE, HELPED, "per_batch").median),
        "waited_alone": percent(result.estimate(ALONE, "waited").median),
        "waited_helped": percent(result.estimate(HELPED, "waited").median),
        "waited_steady": percent(result.estimate(HELPED, "waited_steady").median),
        "first_alone": duration(result.estimate(ALONE, "first_batch").median),
        "first_helped": duration(result.estimate(HELPED, "first_batch").median),
        "shutdown": duration(result.estimate(HELPED, "shutdown").median),
        "tracing_cost": longer(result, HELPED, UNTRACED),
        "again": longer(result, HELPED + AGAIN, HELPED),
        "item": duration(result.number("item_seconds")),
        "step": duration(result.number("step_seconds")),
        "quotient": number(load(result) / result.number("step_seconds"), 2),
        "batches": str(result.params["batches"]),
        "batch_size": str(result.params["batch_size"]),
        "load": duration(load(result)),
    }


def load(result: Measured) -> float:
    """Seconds that fetching one batch takes."""
    return result.number("item_seconds") * int(result.number("batch_size"))


def longer(result: Measured, arm: str, to: str) -> str:
    """How much longer `arm` takes than `to`, with its interval, in percent."""
    ratio = result.ratio(arm, to)
    low, middle, high = (number(100 * (value - 1), 2) for value in (ratio.low, ratio.median, ratio.high))
    return f"{middle}\u00a0% ({low} to {high})"


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"The same {say['batches']} batches. Without workers the epoch takes {say['alone']} and the step "
        f"waits for {say['waited_alone']} of it. With four workers, started by {result.start_method}, it takes "
        f"{say['helped']}: until the first batch "
        f"is there, {say['first_helped']} pass; once all workers run, the step waits for {say['waited_steady']} of "
        f"the time, and the loop is {say['speedup_steady']} as fast as without them."
    )
    titles = {ALONE: "num_workers=0", HELPED: "num_workers=4"}
    return Figure(message, timeline(result, titles), epochs(result, (ALONE, HELPED, HELPED + AGAIN)))
