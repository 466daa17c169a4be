"""Two lines over prefetch_factor, in order and out of order, beside what the model of the loader predicts."""

from functools import cache
from statistics import geometric_mean

from snippets.experiments.stragglers.arms import ARMS, FACTORS, arm
from snippets.experiments.stragglers.costs import BATCHES, WORKERS, lower_bound, seconds
from snippets.lab.figures.figure import Figure, Limit, Lines, Panel, Point, Series, Table
from snippets.lab.loader_model import Batch, Loader, simulate
from snippets.lab.numbers import number, times
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import Estimate, estimate, interval

ORDERS = {"in order": True, "out of order": False}


@cache
def predicted(case: str, prefetch_factor: int, in_order: bool) -> float:
    """Seconds until the last delivery, by the model; nothing of it is fitted to what was measured."""
    batches = [Batch(seconds(case, batch)) for batch in range(BATCHES)]
    return simulate(batches, Loader(WORKERS, prefetch_factor, in_order))[-1]


def over_bound(result: Measured, case: str, prefetch_factor: int, in_order: bool) -> Estimate:
    """Measured time over the one that no loader can beat."""
    taken = result.samples_of(arm(case, prefetch_factor, in_order))
    return estimate([total / lower_bound(case) for total in taken])


def over_predicted(result: Measured) -> list[float]:
    """Measured over predicted, round by round, the geometric mean of all arms."""
    shares = [[total / predicted(*each) for total in result.samples_of(arm(*each))] for each in ARMS]
    return [geometric_mean(round_) for round_ in zip(*shares, strict=True)]


def values(result: Measured) -> dict[str, str]:
    found = {name: str(result.params[name]) for name in ("workers", "batches", "slow")}
    for title, in_order in ORDERS.items():
        for factor in FACTORS:
            slug = f"{title.replace(' ', '_')}_{factor}"
            found[slug] = times(over_bound(result, "some slow", factor, in_order).median)
            found[f"{slug}_predicted"] = times(predicted("some slow", factor, in_order) / lower_bound("some slow"))
    found["periodic"] = times(over_bound(result, "every 16th slow", 2, True).median)
    for factor in (FACTORS[0], FACTORS[-1]):
        found[f"none_{factor}"] = times(over_bound(result, "none slow", factor, True).median)
    return found


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"In order, the epoch takes {say[f'in_order_{FACTORS[0]}']} the least possible time with prefetch_factor="
        f"{FACTORS[0]} and {say[f'in_order_{FACTORS[-1]}']} with {FACTORS[-1]}; out of order, "
        f"{say[f'out_of_order_{FACTORS[0]}']} and {say[f'out_of_order_{FACTORS[-1]}']}. The dashed line is what the "
        "model of the loader predicts; no number of it was fitted."
    )
    panels = tuple(_panel(result, title, in_order) for title, in_order in ORDERS.items())
    rows = tuple(
        (
            arm(*each),
            interval(over_bound(result, *each)),
            number(predicted(*each) / lower_bound(each[0])),
        )
        for each in ARMS
    )
    table = Table(("", "Measured over the least possible", "Predicted"), rows)
    chart = Lines("prefetch_factor", "times the least possible time", "lower", panels, x_steps=True)
    return Figure(message, chart, table)


def _panel(result: Measured, title: str, in_order: bool) -> Panel:
    points = tuple(Point(factor, over_bound(result, "some slow", factor, in_order)) for factor in FACTORS)
    model = tuple(
        (float(factor), predicted("some slow", factor, in_order) / lower_bound("some slow")) for factor in FACTORS
    )
    return Panel(title, (Series("measured", "receive", points),), (Limit("the model", model),))
