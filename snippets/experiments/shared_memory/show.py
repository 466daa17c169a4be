"""Bars of what is in /dev/shm while no batch is taken, beside workers × prefetch_factor × batch bytes."""

from math import prod

from snippets.experiments.estimates import in_megabytes
from snippets.experiments.shared_memory.arms import CASES, HELD, arm
from snippets.lab.figures.figure import Bar, BarGroup, Bars, Figure, Table
from snippets.lab.numbers import counted, megabytes
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import interval

AHEAD = {case: prod(case) for case in sorted(CASES, key=lambda case: (prod(case), case))}
"""Batches that are loaded ahead in each case, rising."""


def over_product(result: Measured) -> list[float]:
    """Bytes over workers × prefetch_factor × batch bytes, in the case where they differ most."""
    size = int(result.number("batch_bytes"))
    shares = [[filled / (ahead * size) for filled in result.samples_of(arm(*case))] for case, ahead in AHEAD.items()]
    return [max(each, key=lambda share: abs(share - 1)) for each in zip(*shares, strict=True)]


def over_held(result: Measured) -> list[float]:
    """Bytes over those of the tensor that the dataset holds."""
    return [filled / int(result.number("held_bytes")) for filled in result.samples_of(HELD)]


def values(result: Measured) -> dict[str, str]:
    found = {
        "batch": megabytes(result.number("batch_bytes")),
        "held": megabytes(result.number("held_bytes")),
        "filled_by_held": megabytes(result.estimate(HELD).median),
    }
    for workers, factor in AHEAD:
        found[f"{workers}_times_{factor}"] = megabytes(result.estimate(arm(workers, factor)).median)
    return found


def label(workers: int, prefetch_factor: int) -> str:
    return f"{counted(workers, 'worker')}, prefetch_factor={prefetch_factor}"


def figure(result: Measured) -> Figure:
    say = values(result)
    told = ", ".join(f"{megabytes(result.estimate(arm(*case)).median)} with {label(*case)}" for case in AHEAD)
    message = (
        f"While the loop takes no batch, batches of {say['batch']} fill {told}. A tensor of {say['held']} in the "
        f"dataset fills {say['filled_by_held']} before {result.params['held_workers']} workers of a fork server begin."
    )
    groups = (
        BarGroup("batches", tuple(Bar(label(*case), in_megabytes(result, arm(*case)), "receive") for case in AHEAD)),
        BarGroup("the dataset", (Bar(HELD, in_megabytes(result, HELD), "fetch"),)),
    )
    size = result.number("batch_bytes")
    rows = [
        (label(*case), interval(in_megabytes(result, arm(*case))), megabytes(n * size)) for case, n in AHEAD.items()
    ]
    rows.append((HELD, interval(in_megabytes(result, HELD)), say["held"]))
    table = Table(("", "In /dev/shm, MB", "Workers × factor × batch, or the tensor"), tuple(rows))
    return Figure(message, Bars("MB in /dev/shm", "lower", groups), table)
