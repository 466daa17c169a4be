"""Bars of photos/s where photos are augmented in the workers, and where the GPU does it."""

from snippets.experiments.gpu_training.arms import arm, on_gpu
from snippets.lab.figures.figure import Bar, BarGroup, Bars, Figure, Table
from snippets.lab.numbers import counted, number
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import interval


def looked_at(result: Measured) -> tuple[int, int]:
    """One worker, and the most that were tried."""
    return 1, result.numbers("counts")[-1]


def values(result: Measured) -> dict[str, str]:
    one, most = looked_at(result)
    return {
        "one_in_worker": number(result.estimate(arm(one)).median),
        "one_on_gpu": number(result.estimate(on_gpu(one)).median),
        "most": str(most),
        "most_in_workers": number(result.estimate(arm(most)).median),
        "most_on_gpu": number(result.estimate(on_gpu(most)).median),
    }


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"With one worker, {say['one_in_worker']} photos/s where it crops, flips and brightens its photos itself, and "
        f"{say['one_on_gpu']} where the GPU does so. With {say['most']} workers it is {say['most_in_workers']} where "
        f"they do so, and {say['most_on_gpu']} where the GPU does. Decoding stays in the workers."
    )
    groups = tuple(
        BarGroup(
            counted(count, "worker"),
            (
                Bar("augmented in the workers", result.estimate(arm(count)), "fetch"),
                Bar("augmented on the GPU", result.estimate(on_gpu(count)), "step"),
            ),
        )
        for count in looked_at(result)
    )
    rows = tuple(
        (
            counted(count, "worker"),
            interval(result.estimate(arm(count))),
            interval(result.estimate(on_gpu(count))),
        )
        for count in looked_at(result)
    )
    table = Table(("", "In the workers, photos/s", "On the GPU, photos/s"), rows)
    return Figure(message, Bars("photos/s", "higher", groups), table)
