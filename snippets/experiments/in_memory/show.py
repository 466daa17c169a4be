"""Dots on a log scale: two loaders and whole-batch slices."""

from snippets.experiments.in_memory.arms import LOADER, SLICES, WORKERS
from snippets.lab.figures.figure import Bar, BarGroup, Bars, Figure, Table
from snippets.lab.numbers import number, times
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import interval


def values(result: Measured) -> dict[str, str]:
    return {
        "slices_over_loader": times(result.ratio(SLICES, LOADER).median),
        "slices_over_workers": times(result.ratio(SLICES, WORKERS).median),
        "loader_over_workers": times(result.ratio(LOADER, WORKERS).median),
        "rows": f"{result.params['rows']:,}",  # pyrefly: ignore[invalid-format-spec]: it is a number
        "columns": str(result.params["columns"]),
        "loader": number(result.estimate(LOADER).median, 2),
        "workers": number(result.estimate(WORKERS).median, 2),
        "slices": number(result.estimate(SLICES).median, 2),
    }


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"Rows of a tensor in memory: slicing whole batches is {say['slices_over_loader']} as fast as a "
        f"DataLoader without workers and {say['slices_over_workers']} as fast as one with four."
    )
    arms = (LOADER, WORKERS, SLICES)
    bars = tuple(Bar(name, result.estimate(name), "fetch") for name in arms)
    rows = tuple((name, interval(result.estimate(name))) for name in arms)
    chart = Bars("samples/s", "higher", (BarGroup("", bars),), "log")
    return Figure(message, chart, Table(("", "Samples/s"), rows))
