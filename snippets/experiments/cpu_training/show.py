"""Bars of what a batch takes, from asking for it to the end of its step, where model and workers share the cores."""

from snippets.lab.figures.figure import Bar, BarGroup, Bars, Figure, Table
from snippets.lab.numbers import counted, time, times
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import Estimate, estimate, interval


def arms(result: Measured, threads: int) -> list[str]:
    found = {sample.arm for sample in result.samples}
    return sorted(arm for arm in found if arm.endswith(f", {threads} threads"))


def milliseconds(result: Measured, arm: str) -> Estimate:
    return estimate([1000 * seconds for seconds in result.samples_of(arm)])


def values(result: Measured) -> dict[str, str]:
    every = int(result.number("main_threads"))
    found = {"main_threads": str(every)}
    for count in (0, 1, 2):
        found[f"one_{count}"] = time(result.estimate(f"{count} workers, 1 threads").median)
    for count in (0, 2):
        found[f"all_{count}"] = time(result.estimate(f"{count} workers, {every} threads").median)
    found["speedup"] = times(result.ratio("0 workers, 1 threads", "2 workers, 1 threads").median)
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
                Bar(counted(int(arm.split()[0]), "worker"), milliseconds(result, arm), "step")
                for arm in arms(result, threads)
            ),
        )
        for threads, title in kinds.items()
    )
    rows = tuple((arm, interval(milliseconds(result, arm))) for threads in kinds for arm in arms(result, threads))
    return Figure(message, Bars("ms per batch, step included", "lower", groups), Table(("", "Per batch, ms"), rows))
