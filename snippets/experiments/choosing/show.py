"""A panel for each workload: throughput at the counts that were tried and at the chosen one, and the step's limit."""

from statistics import median_low

from snippets.experiments.choosing.arms import CANNOT_TELL, as_chosen, tried
from snippets.experiments.kinds import KINDS
from snippets.lab.figures.figure import Figure, Limit, Lines, Panel, Point, Role, Series, Table
from snippets.lab.judging.claim import NotHere
from snippets.lab.numbers import duration, megabytes
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import Estimate, estimate, interval, quotients

WORKLOADS: dict[str, tuple[str, Role]] = {
    **KINDS,
    "large items": ("large items (megabytes each)", "receive"),
    "many tensors": ("many small tensors an item", "receive"),
}
ENOUGH = 0.9
"""Of the best throughput: what is lost beyond that, a worker more is worth."""


def counts(result: Measured) -> list[int]:
    return result.numbers("counts")


def best(result: Measured, workload: str) -> list[float]:
    """Samples/s, round by round, at the count with the best median of those that were tried."""
    arms = [tried(workload, count) for count in counts(result)]
    return result.samples_of(max(arms, key=lambda arm: result.estimate(arm).median))


def share_of_best(result: Measured, workload: str) -> list[float]:
    """What the chosen count reaches, round by round."""
    choices(result, workload)
    return quotients(result.samples_of(as_chosen(workload)), best(result, workload))


def choices(result: Measured, workload: str) -> list[float]:
    """The count that was chosen, round by round; it is chosen anew in each pass."""
    counts = result.samples_of(as_chosen(workload), "chosen")
    if CANNOT_TELL in counts:
        raise NotHere("the function said that it cannot tell")
    return counts


def chosen(result: Measured, workload: str) -> int | None:
    """None where the function could not tell."""
    try:
        return int(median_low(choices(result, workload)))
    except NotHere:
        return None


def rates(result: Measured, workload: str) -> dict[int, float]:
    """Samples/s by count: medians of those that were tried, and of the one that was chosen."""
    found = {count: result.estimate(tried(workload, count)).median for count in counts(result)}
    count = chosen(result, workload)
    return found if count is None else {**found, count: result.estimate(as_chosen(workload)).median}


def enough(result: Measured, workload: str) -> int:
    """The smallest count whose median is within a tenth of the best one."""
    by_count = rates(result, workload)
    return min(count for count, rate in by_count.items() if rate >= ENOUGH * max(by_count.values()))


def slug(workload: str) -> str:
    return workload.replace(" ", "_")


def values(result: Measured) -> dict[str, str]:
    found = {
        "pieces": str(result.params["tensors, many tensors"]),
        "item": megabytes(result.number("item_bytes, large items")),
    }
    for workload in WORKLOADS:
        found[f"{slug(workload)}_chosen"] = _said(chosen(result, workload))
        found[f"{slug(workload)}_enough"] = str(enough(result, workload))
        found[f"{slug(workload)}_step"] = duration(result.number(f"step_seconds, {workload}"))
    return found


def _said(count: int | None) -> str:
    return "no count" if count is None else str(count)


def figure(result: Measured) -> Figure:
    told = "; ".join(
        f"{title.partition(' (')[0]}: {_said(chosen(result, workload))} chosen, {enough(result, workload)} within a "
        "tenth"
        for workload, (title, _) in WORKLOADS.items()
    )
    message = (
        f"The count that a division proposes and a race decides, and the smallest tried that is within a tenth of the "
        f"best: {told}. The dashed line is what the step alone allows."
    )
    rows = []
    for workload, (title, _) in WORKLOADS.items():
        for count in counts(result):
            rows.append((title, str(count), interval(result.estimate(tried(workload, count)))))
        if (count := chosen(result, workload)) is not None:
            rows.append((title, f"{count}, chosen", interval(result.estimate(as_chosen(workload)))))
    table = Table(("Workload", "Workers", "samples/s"), tuple(rows))
    panels = tuple(_panel(result, workload) for workload in WORKLOADS)
    return Figure(message, Lines("workers", "share of what the step allows, %", "higher", panels), table)


def share(result: Measured, arm: str, allowed: float) -> Estimate:
    """Throughput in percent of what is allowed, samples/s."""
    return estimate([100 * rate / allowed for rate in result.samples_of(arm)])


def _panel(result: Measured, workload: str) -> Panel:
    """In percent of the throughput of a step that never waits."""
    title, role = WORKLOADS[workload]
    size, step = (result.number(f"{name}, {workload}") for name in ("batch_size", "step_seconds"))
    allowed = size / step
    points = tuple(Point(count, share(result, tried(workload, count), allowed)) for count in counts(result))
    series = [Series("tried", role, points)]
    if (count := chosen(result, workload)) is not None:
        series.append(Series("chosen", "step", (Point(count, share(result, as_chosen(workload), allowed)),)))
    top = max(rates(result, workload))
    return Panel(title, tuple(series), (Limit("the step", ((0.0, 100.0), (float(top), 100.0))),))
