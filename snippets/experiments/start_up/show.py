"""Bars per start method: the first batch of the first epoch, and of the second with new and kept workers."""

from snippets.lab.figure import Bar, BarGroup, Bars, Figure, Table
from snippets.lab.numbers import interval, time, times
from snippets.lab.results import Measured

METHODS = ("fork", "forkserver", "spawn")
NEW, KEPT = "new each epoch", "persistent"


def methods(result: Measured) -> list[str]:
    """The start methods that this system has."""
    arms = {sample.arm for sample in result.samples}
    return [method for method in METHODS if f"{method}, {NEW}" in arms]


def values(result: Measured) -> dict[str, str]:
    found = {"workers": str(result.params["workers"])}
    for method in methods(result):
        found[f"{method}_first"] = time(result.estimate(f"{method}, {NEW}", "first_batch_1").median)
        found[f"{method}_second"] = time(result.estimate(f"{method}, {NEW}", "first_batch_2").median)
        found[f"{method}_kept"] = time(result.estimate(f"{method}, {KEPT}", "first_batch_2").median)
        found[f"{method}_epoch"] = time(result.estimate(f"{method}, {NEW}", "epoch_2").median)
        found[f"{method}_epoch_kept"] = time(result.estimate(f"{method}, {KEPT}", "epoch_2").median)
        gain = result.ratio(f"{method}, {NEW}", f"{method}, {KEPT}", "first_batch_2").median
        found[f"{method}_gain"] = times(gain)
    return found


def figure(result: Measured) -> Figure:
    say = values(result)
    new = ", ".join(f"{say[f'{method}_second']} under {method}" for method in methods(result))
    kept = ", ".join(say[f"{method}_kept"] for method in methods(result))
    message = (
        f"Seconds to the first batch of the second epoch, {say['workers']} workers: {new}, because every epoch "
        f"starts its workers anew. With persistent_workers: {kept}."
    )
    groups = tuple(_group(result, method) for method in methods(result))
    rows = tuple(
        (
            method,
            workers,
            *(interval(result.estimate(f"{method}, {workers}", f"first_batch_{epoch}"), "s") for epoch in (1, 2)),
            interval(result.estimate(f"{method}, {workers}", "epoch_2"), "s"),
        )
        for method in methods(result)
        for workers in (NEW, KEPT)
    )
    header = ("Start method", "Workers", "First batch, epoch 1", "First batch, epoch 2", "Whole of epoch 2")
    return Figure(message, Bars("s", "lower", groups, "log"), Table(header, rows))


def _group(result: Measured, method: str) -> BarGroup:
    new, kept = f"{method}, {NEW}", f"{method}, {KEPT}"
    return BarGroup(
        method,
        (
            Bar("epoch 1", result.estimate(new, "first_batch_1"), "start-up"),
            Bar("epoch 2", result.estimate(new, "first_batch_2"), "start-up"),
            Bar("epoch 2, persistent_workers", result.estimate(kept, "first_batch_2"), "receive"),
        ),
    )
