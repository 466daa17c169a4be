"""Times that were taken side by side, and the table that shows them."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

ROUNDS = 5


@dataclass(frozen=True)
class Row:
    """One line of the table, as text; but for `what` and `result`, a part may have nothing to say."""

    what: str
    result: str
    spread: str = ""
    target: str = ""
    verdict: str = ""


def row(what: str, samples: Sequence[float], target: float, unit: str = "") -> Row:
    """The median of one number per round, against the largest that is good."""
    median = statistics.median(samples)
    spread = f"{min(samples):.2f}–{max(samples):.2f}"
    verdict = "within" if median <= target else "over"
    return Row(what, f"{median:.2f}{unit}", spread, f"≤ {target:.2f}{unit}", verdict)


def interleaved(work: Mapping[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Seconds of each piece of work, by its name, in each round; each round does all of them once."""
    seconds: dict[str, list[float]] = {name: [] for name in work}
    for number in range(rounds):
        for name, do in work.items():
            start = time.perf_counter()
            do()
            seconds[name].append(time.perf_counter() - start)
        took = ", ".join(f"{name} {seconds[name][-1]:.1f} s" for name in work)
        print(f"  round {number + 1} of {rounds}: {took}", flush=True)
    return seconds


def ratios(numerator: Sequence[float], denominator: Sequence[float]) -> list[float]:
    """Taken round by round, so that a machine that slows down slows both."""
    return [a / b for a, b in zip(numerator, denominator, strict=True)]


def table(rows: Sequence[Row]) -> str:
    lines = [("what", "median", "min–max", "target", ""), *(tuple(vars(row).values()) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
