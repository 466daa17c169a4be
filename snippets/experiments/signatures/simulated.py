"""The six signatures as the simulator shows them: a traced epoch of each, beside the model's."""

from statistics import median

from snippets.experiments.signatures import arms
from snippets.lab.figures.simulated import SimulatedRun, first_epoch, settings_of
from snippets.lab.results.results import Measured

TITLES = {
    arms.FED: "Fed",
    arms.STARVED: "Starved",
    arms.BURSTS: "Bursts",
    arms.SLOW_FIRST_BATCH: "A slow first batch",
    arms.STRAGGLER: "A straggler",
    arms.BUSY_NEIGHBOUR: "A busy neighbour",
}
COSTS_OF = {arms.BUSY_NEIGHBOUR: arms.ALONE}
"""Where the settings are read from another run than the one that they are compared with."""


def runs(result: Measured, cores: float) -> list[SimulatedRun]:
    """`cores`: of the machine that measured."""
    return [_run(result, arm, title, cores) for arm, title in TITLES.items()]


def _run(result: Measured, arm: str, title: str, cores: float) -> SimulatedRun:
    spans = first_epoch(result.traces[arm])
    name = arm.replace(" ", "-")
    costs = first_epoch(result.traces[COSTS_OF.get(arm, arm)])
    slow_every, slow_times = _slow(result, arm)
    if arm == arms.BUSY_NEIGHBOUR:
        workers = len({span.lane for span in spans}) - 1
        cores *= workers / (workers + result.number("neighbours"))
    settings = settings_of(costs, cores, arm == arms.BUSY_NEIGHBOUR, slow_every, slow_times)
    return SimulatedRun(name, title, spans, settings)


def _slow(result: Measured, arm: str) -> tuple[int, float]:
    """Of the batches, the place of the slow one, counted from 1, and how many times as long as the others it takes."""
    if arm != arms.STRAGGLER:
        return 8, 1.0
    fetched = [span for span in result.traces[arm] if span.role == "fetch" and span.batch is not None]
    longest = max(fetched, key=lambda span: span.end - span.start)
    usual = median(span.end - span.start for span in fetched)
    return (longest.batch or 0) + 1, (longest.end - longest.start) / usual
