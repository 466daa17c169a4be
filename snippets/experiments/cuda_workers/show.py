"""Bars of the time to the first batch: a spawned worker with and without CUDA, forked ones before and after it."""

from snippets.experiments.cuda_workers.arms import AFTER, BEFORE, WITH, WITHOUT
from snippets.lab.figures.figure import Bar, BarGroup, Bars, Figure, Table
from snippets.lab.numbers import duration, megabytes
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import interval


def values(result: Measured) -> dict[str, str]:
    return {
        "without": duration(result.estimate(WITHOUT).median),
        "with": duration(result.estimate(WITH).median),
        "memory": megabytes(result.estimate(WITH, "gpu_bytes").median),
        "before": duration(result.estimate(BEFORE).median),
        "after": duration(result.estimate(AFTER).median),
        "workers": str(result.params["workers"]),
    }


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"A spawned worker delivers its first batch after {say['without']}, and after {say['with']} where its items "
        f"use CUDA; it then holds {say['memory']} of GPU memory. {say['workers']} forked workers deliver theirs after "
        f"{say['before']} where their parent has not used CUDA, and after {say['after']} where it has."
    )
    groups = (
        BarGroup(
            "1 spawned worker",
            (
                Bar("its items stay on the CPU", result.estimate(WITHOUT), "start-up"),
                Bar("its items use CUDA", result.estimate(WITH), "start-up"),
            ),
        ),
        BarGroup(
            f"{say['workers']} forked workers",
            (
                Bar("CUDA not used yet", result.estimate(BEFORE), "start-up"),
                Bar("the parent has used CUDA", result.estimate(AFTER), "start-up"),
            ),
        ),
    )
    rows = [
        (arm, interval(result.estimate(arm), "s"), megabytes(result.estimate(arm, "gpu_bytes").median))
        for arm in (WITHOUT, WITH)
    ]
    rows += [(arm, interval(result.estimate(arm), "s"), "") for arm in (BEFORE, AFTER)]
    table = Table(("", "First batch", "GPU memory"), tuple(rows))
    return Figure(message, Bars("s", "lower", groups, "log"), table)
