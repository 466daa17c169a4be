"""Bars of what a batch takes, from asking for it to the end of its step, where model and workers share the cores."""

from snippets.experiments.cpu_training.arms import arm, counts
from snippets.experiments.estimates import in_milliseconds
from snippets.lab.figures.figure import Bar, BarGroup, Bars, Figure, Table
from snippets.lab.numbers import counted, duration, times
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import interval


def values(result: Measured) -> dict[str, str]:
    every = int(result.number("main_threads"))
    found = {"main_threads": str(every)}
    for count in counts(1):
        found[f"one_{count}"] = duration(result.estimate(arm(count, 1)).median)
    for count in (0, 2):
        found[f"all_{count}"] = duration(result.estimate(arm(count, every)).median)
    found["speedup"] = times(result.ratio(arm(0, 1), arm(2, 1)).median)
    return found


def figure(result: Measured) -> Figure:
    say = values(result)
    every = int(result.number("main_threads"))
    message = (
        f"Decoding photos and training on the same cores. With one thread for the model a batch takes {say['one_0']} "
        f"without workers, {say['one_1']} with one and {say['one_2']} with two; with {counted(every, 'thread')}, "
        f"{say['all_0']} without and {say['all_2']} with two."
    )
    kinds = {count: f"the model has {counted(count, 'thread')}" for count in (1, every)}
    groups = tuple(
        BarGroup(
            title,
            tuple(
                Bar(counted(count, "worker"), in_milliseconds(result, arm(count, threads)), "step")
                for count in counts(threads)
            ),
        )
        for threads, title in kinds.items()
    )
    names = [arm(count, threads) for threads in kinds for count in counts(threads)]
    rows = tuple((name, interval(in_milliseconds(result, name))) for name in names)
    return Figure(message, Bars("ms per batch, step included", "lower", groups), Table(("", "Per batch, ms"), rows))
