"""Bars per start method: the first batch from new workers, and from kept ones."""

from snippets.experiments.start_up.arms import METHODS, PRELOADED, large, second_epoch
from snippets.lab.figures.figure import Bar, BarGroup, Bars, Figure, Table
from snippets.lab.instruments.experiment import AGAIN
from snippets.lab.numbers import duration, megabytes, times
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import interval

WHERE = {"fork": "Linux to Python 3.13", "forkserver": "Linux from 3.14", "spawn": "macOS, Windows"}
"""Where each is the default."""


def methods(result: Measured) -> list[str]:
    """The start methods that this system has."""
    arms = {sample.arm for sample in result.samples}
    return [method for method in METHODS if method in arms]


def values(result: Measured) -> dict[str, str]:
    """Those of a start method that this system does not have are empty."""
    first = methods(result)[0]
    found = {
        "workers": str(result.params["workers"]),
        "first_method": first,
        "second_epoch": duration(result.estimate(second_epoch(first)).median),
    }
    for method in METHODS:
        found[f"{method}_held"] = _median(result, large(method))
        found[f"{method}_new"] = _median(result, method)
        found[f"{method}_kept"] = _median(result, method, "first_batch_kept")
        found[f"{method}_epoch"] = _median(result, method, "epoch_new")
        found[f"{method}_epoch_kept"] = _median(result, method, "epoch_kept")
    found["held"] = megabytes(result.number("held_bytes"))
    found["preloaded"] = _median(result, PRELOADED)
    found["spawn_over_fork"] = times(result.ratio("spawn", "fork").median) if "fork" in methods(result) else ""
    return found


def _median(result: Measured, arm: str, value: str | None = None) -> str:
    there = any(sample.arm == arm for sample in result.samples)
    return duration(result.estimate(arm, value).median) if there else ""


def figure(result: Measured) -> Figure:
    say = values(result)
    new = ", ".join(f"{say[f'{method}_new']} under {method}" for method in methods(result))
    kept = ", ".join(say[f"{method}_kept"] for method in methods(result))
    message = (
        f"Time to the first batch from {say['workers']} workers that must be started: {new}. Without "
        f"persistent_workers every epoch begins like that; with them the second epoch's first batch comes "
        f"after {kept}."
    )
    groups = tuple(
        BarGroup(
            f"{method} ({WHERE[method]})",
            (
                Bar("new workers", result.estimate(method), "start-up"),
                Bar("kept workers", result.estimate(method, "first_batch_kept"), "receive"),
            ),
        )
        for method in methods(result)
    )
    rows = tuple(
        (
            f"{method}, {workers} workers",
            interval(result.estimate(method, f"first_batch_{workers}"), "s"),
            interval(result.estimate(method, f"epoch_{workers}"), "s"),
        )
        for method in methods(result)
        for workers in ("new", "kept")
    )
    others = sorted({sample.arm for sample in result.samples} - {*methods(result)} - {methods(result)[0] + AGAIN})
    again = tuple((arm, interval(result.estimate(arm), "s"), "") for arm in others)
    header = ("", "First batch", "Whole epoch")
    return Figure(message, Bars("s", "lower", groups, "log"), Table(header, (*rows, *again)))
