"""Bars of what is in /dev/shm while no batch is taken, beside workers × prefetch_factor × batch bytes."""

import re

from snippets.lab.figures.figure import Bar, BarGroup, Bars, Figure, Table
from snippets.lab.numbers import counted, megabytes
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import Estimate, estimate, interval

CASE = re.compile(r"(\d+) workers, prefetch_factor=(\d+)")
HELD = "a tensor in the dataset, forkserver"


def cases(result: Measured) -> dict[str, int]:
    """Batches ahead by arm, in the order of their count: workers × prefetch_factor."""
    arms = {sample.arm for sample in result.samples}
    ahead = {arm: int(found[1]) * int(found[2]) for arm in arms if (found := CASE.fullmatch(arm))}
    return dict(sorted(ahead.items(), key=lambda case: (case[1], case[0])))


def over_product(result: Measured) -> list[float]:
    """Bytes over workers × prefetch_factor × batch bytes, in the case where they differ most."""
    size = int(result.number("batch_bytes"))
    shares = [[filled / (ahead * size) for filled in result.samples_of(arm)] for arm, ahead in cases(result).items()]
    return [max(each, key=lambda share: abs(share - 1)) for each in zip(*shares, strict=True)]


def over_held(result: Measured) -> list[float]:
    """Bytes over those of the tensor that the dataset holds."""
    return [filled / int(result.number("held_bytes")) for filled in result.samples_of(HELD)]


def filled(result: Measured, arm: str) -> Estimate:
    return estimate([size / 1e6 for size in result.samples_of(arm)])


def values(result: Measured) -> dict[str, str]:
    found = {
        "batch": megabytes(result.number("batch_bytes")),
        "held": megabytes(result.number("held_bytes")),
        "filled_by_held": megabytes(result.estimate(HELD).median),
    }
    for arm in cases(result):
        workers, factor = CASE.fullmatch(arm).groups()  # pyright: ignore[reportOptionalMemberAccess]
        found[f"{workers}_times_{factor}"] = megabytes(result.estimate(arm).median)
    return found


def label(arm: str) -> str:
    workers, factor = CASE.fullmatch(arm).groups()  # pyright: ignore[reportOptionalMemberAccess]
    return f"{counted(int(workers), 'worker')}, prefetch_factor={factor}"


def figure(result: Measured) -> Figure:
    say = values(result)
    told = ", ".join(f"{megabytes(result.estimate(arm).median)} with {label(arm)}" for arm in cases(result))
    message = (
        f"While the loop takes no batch, batches of {say['batch']} fill {told}. A tensor of {say['held']} in the "
        f"dataset fills {say['filled_by_held']} before {result.params['held_workers']} workers of a fork server begin."
    )
    groups = (
        BarGroup("batches", tuple(Bar(label(arm), filled(result, arm), "receive") for arm in cases(result))),
        BarGroup("the dataset", (Bar(HELD, filled(result, HELD), "fetch"),)),
    )
    size = result.number("batch_bytes")
    rows = [(label(arm), interval(filled(result, arm)), megabytes(n * size)) for arm, n in cases(result).items()]
    rows.append((HELD, interval(filled(result, HELD)), say["held"]))
    table = Table(("", "In /dev/shm, MB", "Workers × factor × batch, or the tensor"), tuple(rows))
    return Figure(message, Bars("MB in /dev/shm", "lower", groups), table)
