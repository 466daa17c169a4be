"""Two lines over the workers in each rank: what one rank loads, and what two load together."""

from snippets.experiments.ranks.arms import CASES, arm
from snippets.lab.figures.figure import Figure, Limit, Lines, Panel, Point, Series, Table
from snippets.lab.numbers import number, times
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import Estimate, interval


def together(result: Measured, ranks: int, workers: int) -> Estimate:
    """Over what one rank without workers loads, round by round."""
    return result.ratio(arm(ranks, workers), arm(1, 0))


def values(result: Measured) -> dict[str, str]:
    found = {"capacity": number(result.capacity, 2)}
    for ranks, workers in CASES:
        found[f"ranks_{ranks}_workers_{workers}"] = times(together(result, ranks, workers).median)
    return found


def figure(result: Measured) -> Figure:
    most = max(workers for _, workers in CASES)
    message = (
        f"All ranks together, over one rank without workers: one rank with 2 workers loads "
        f"{times(together(result, 1, 2).median)} as much; two load {times(together(result, 2, 0).median)} as much "
        f"without workers, {times(together(result, 2, 1).median)} with one each and "
        f"{times(together(result, 2, most).median)} with {most} each. The machine had "
        f"{number(result.capacity, 2)} cores’ worth of work to give, whoever asked."
    )
    series = tuple(
        Series(
            "one rank" if ranks == 1 else f"{ranks} ranks",
            "receive" if ranks == 1 else "fetch",
            tuple(Point(w, together(result, ranks, w)) for r, w in CASES if r == ranks),
        )
        for ranks in sorted({ranks for ranks, _ in CASES})
    )
    limit = Limit("the cores", ((0.0, result.capacity), (float(most), result.capacity)))
    rows = tuple(
        (arm(*case), interval(result.estimate(arm(*case))), interval(together(result, *case))) for case in CASES
    )
    chart = Lines("workers in each rank", "times one rank without workers", "higher", (Panel("", series, (limit,)),))
    return Figure(message, chart, Table(("", "samples/s, all ranks", "Over one rank alone"), rows))
