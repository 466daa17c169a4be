"""Bars of photos/s: DataLoader, and the libraries that are installed beside it."""

from snippets.experiments.other_loaders.arms import OURS
from snippets.lab.figures.figure import Bar, BarGroup, Bars, Figure, Table
from snippets.lab.instruments.experiment import AGAIN
from snippets.lab.numbers import times
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import interval


def others(result: Measured) -> list[str]:
    """The other libraries that were measured."""
    return sorted({sample.arm for sample in result.samples} - {OURS, OURS + AGAIN}, key=str.lower)


def values(result: Measured) -> dict[str, str]:
    return {
        "workers": str(result.params["workers"]),
        **{name: times(result.ratio(name, OURS).median) for name in others(result)},
    }


def figure(result: Measured) -> Figure:
    told = ", ".join(f"{name} {times(result.ratio(name, OURS).median)}" for name in others(result))
    message = (
        f"The same photos, decoded by the same function, with {result.params['workers']} workers or threads. Over "
        f"DataLoader: {told}."
    )
    names = [OURS, *others(result)]
    bars = tuple(Bar(name, result.estimate(name), "fetch" if name == OURS else "receive") for name in names)
    rows = tuple((n, interval(result.estimate(n)), interval(result.estimate(n, "first_batch"), "s")) for n in names)
    table = Table(("", "Photos/s after the first batch", "First batch, packing included"), rows)
    return Figure(message, Bars("photos/s", "higher", (BarGroup("", bars),)), table)
