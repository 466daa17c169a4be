"""Ratios of times that were taken side by side, and the table that shows them."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

ROUNDS = 5


@dataclass(frozen=True)
class Row:
    """One line of the table. `samples`: one number per round; `target`: the largest that is good, if there is one."""

    what: str
    samples: Sequence[float]
    target: float | None = None
    unit: str = ""

    def cells(self) -> tuple[str, ...]:
        median = statistics.median(self.samples)
        spread = f"{min(self.samples):.2f}–{max(self.samples):.2f}"
        if self.target is None:
            return self.what, f"{median:.2f}{self.unit}", spread, "", ""
        verdict = "within" if median <= self.target else "over"
        return self.what, f"{median:.2f}{self.unit}", spread, f"≤ {self.target:.2f}{self.unit}", verdict


@dataclass(frozen=True)
class Fact:
    """A line of the table that is no ratio."""

    what: str
    answer: str
    target: str = ""
    within: bool | None = None

    def cells(self) -> tuple[str, ...]:
        verdict = {True: "within", False: "over", None: ""}[self.within]
        return self.what, self.answer, "", self.target, verdict


def interleaved(work: Mapping[str, Callable[[], None]], rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Seconds of each piece of work, by its name, in each round; each round does all of them once."""
    seconds: dict[str, list[float]] = {name: [] for name in work}
    for number in range(rounds):
        for name, do in work.items():
            start = time.perf_counter()
            do()
            seconds[name].append(time.perf_counter() - start)
        took = ", ".join(f"{name} {seconds[name][-1]:.1f} s" for name in work)
        say(f"  round {number + 1} of {rounds}: {took}")
    return seconds


def ratios(numerator: Sequence[float], denominator: Sequence[float]) -> list[float]:
    """Taken round by round, so that a machine that slows down slows both."""
    return [a / b for a, b in zip(numerator, denominator, strict=True)]


def table(rows: Sequence[Row | Fact]) -> str:
    lines = [("what", "median", "min–max", "target", ""), *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def say(line: str) -> None:
    print(line, flush=True)
