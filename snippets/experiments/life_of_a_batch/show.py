"""One lane for each batch: when it was assigned, fetched, collated, ready, and stepped with."""

from snippets.experiments.life_of_a_batch.arms import ARM
from snippets.lab.figures.figure import Figure, Lane, Role, Run, Span, Table, Timeline
from snippets.lab.figures.timelines import as_role
from snippets.lab.numbers import duration, number
from snippets.lab.results.results import Measured, TraceSpan

NAMES: tuple[tuple[Role, str], ...] = (
    ("wait", "assigned, waits for its worker"),
    ("receive", "collated, waits for its turn"),
    ("step", "the step with it (a timed wait)"),
)


def spans(result: Measured) -> dict[str, list[TraceSpan]]:
    """By lane, in the order in which they were traced: that of the batches."""
    found: dict[str, list[TraceSpan]] = {}
    for span in result.traces[ARM]:
        found.setdefault(span.lane, []).append(span)
    return found


def values(result: Measured) -> dict[str, str]:
    return {
        "most_assigned": number(result.estimate(ARM, "most_assigned").median),
        "stashed": duration(result.estimate(ARM, "longest_ready").median),
    }


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"{result.params['batches']} batches, one lane each, {result.params['workers']} workers. Batch 4 is slow: the "
        f"batches behind it are ready and wait up to {say['stashed']} for their turn, and no more are assigned until "
        "it has been delivered."
    )
    lanes = tuple(
        Lane(name, tuple(Span(as_role(span.role), span.start, span.end) for span in lane))
        for name, lane in spans(result).items()
    )
    end = max(span.end for lane in lanes for span in lane.spans)
    rows = tuple(
        (lane.label, *(f"{1000 * span.start:.0f} to {1000 * span.end:.0f}" for span in lane.spans)) for lane in lanes
    )
    header = ("", "Assigned, ms", "Fetched, ms", "Collated, ms", "Ready, ms", "Step, ms")
    chart = Timeline((Run("12 batches, 3 workers", lanes, end),), NAMES)
    return Figure(message, chart, Table(header, rows))
