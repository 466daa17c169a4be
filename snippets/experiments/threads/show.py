"""Bars of what a batch takes whose items torch computes: by main with its threads, by a worker with one."""

from snippets.experiments.estimates import in_milliseconds
from snippets.experiments.threads.arms import ALONE, HELPED
from snippets.lab.figures.figure import Bar, BarGroup, Bars, Figure, Table
from snippets.lab.numbers import counted, duration, number
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import interval


def threads(result: Measured, arm: str) -> int:
    return int(result.estimate(arm, "threads").median)


def values(result: Measured) -> dict[str, str]:
    return {
        "main_threads": number(threads(result, ALONE)),
        "worker_threads": number(threads(result, HELPED)),
        "alone": duration(result.estimate(ALONE).median),
        "helped": duration(result.estimate(HELPED).median),
        "alone_range": f"{duration(result.estimate(ALONE).low)} to {duration(result.estimate(ALONE).high)}",
    }


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"The same items: the main process computes with {counted(threads(result, ALONE), 'thread')} and took "
        f"{say['alone']} per batch ({say['alone_range']}), a worker computes with {say['worker_threads']} and took "
        f"{say['helped']}."
    )
    names = {ALONE: "main alone", HELPED: "one worker"}
    bars = tuple(Bar(name, in_milliseconds(result, arm), "fetch") for arm, name in names.items())
    rows = tuple(
        (name, str(threads(result, arm)), interval(in_milliseconds(result, arm))) for arm, name in names.items()
    )
    chart = Bars("ms per batch", "lower", (BarGroup("", bars),), "log")
    return Figure(message, chart, Table(("", "Threads", "Per batch, ms"), rows))
