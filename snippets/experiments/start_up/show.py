"""Bars per start method: the first batch from new workers, and from kept ones."""

from snippets.lab.experiment import AGAIN
from snippets.lab.figure import Bar, BarGroup, Bars, Figure, Table
from snippets.lab.numbers import interval, megabytes, time, times
from snippets.lab.results import Measured

METHODS = ("fork", "forkserver", "spawn")
SECOND = ", second epoch without persistent_workers"
LARGE = ", 1 MB"
PRELOADED = "forkserver, torch preloaded"


def methods(result: Measured) -> list[str]:
    """The start methods that this system has."""
    arms = {sample.arm for sample in result.samples}
    return [method for method in METHODS if method in arms]


def values(result: Measured) -> dict[str, str]:
    first = methods(result)[0]
    found = {
        "workers": str(result.params["workers"]),
        "first_method": first,
        "second_epoch": time(result.estimate(first + SECOND).median),
    }
    for method in methods(result):
        found[f"{method}_new"] = time(result.estimate(method).median)
        found[f"{method}_kept"] = time(result.estimate(method, "first_batch_kept").median)
        found[f"{method}_epoch"] = time(result.estimate(method, "epoch_new").median)
        found[f"{method}_epoch_kept"] = time(result.estimate(method, "epoch_kept").median)
    found["held"] = megabytes(float(result.params["held_bytes"]))
    for method in ("fork", "spawn"):
        if any(sample.arm == f"{method}{LARGE}" for sample in result.samples):
            found[f"{method}_held"] = time(result.estimate(f"{method}{LARGE}").median)
    if any(sample.arm == PRELOADED for sample in result.samples):
        found["preloaded"] = time(result.estimate(PRELOADED).median)
    found["spawn_over_fork"] = times(result.ratio("spawn", first).median)
    return found


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
            method,
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
