"""Progress of long work: bars on a terminal, plain lines elsewhere or where rich is not installed."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Progress(Protocol):
    """`total` and `done` count runs of arms."""

    def start(self, name: str, total: int) -> None: ...
    def advance(self, name: str, doing: str) -> None: ...
    def finish(self, name: str, outcome: str) -> None: ...


class PlainLines:
    """One line when an experiment starts, one when it ends, and one every ten seconds between."""

    def __init__(self) -> None:
        self._began = self._said = 0.0
        self._total = self._done = 0

    def start(self, name: str, total: int) -> None:
        self._began = self._said = time.monotonic()
        self._total, self._done = total, 0
        print(f"  {name} …", flush=True)

    def advance(self, name: str, doing: str) -> None:
        self._done += 1
        now = time.monotonic()
        if now - self._said >= 10 and self._total:
            left = (now - self._began) / self._done * max(0, self._total - self._done)
            print(f"  {name}: {doing}, about {left:.0f} s left", flush=True)
            self._said = now

    def finish(self, name: str, outcome: str) -> None:
        print(f"  {name}: {outcome}", flush=True)


class _Bars:
    def __init__(self, bars: "RichProgress") -> None:
        self._bars = bars
        self._task = bars.add_task("", total=None, doing="")

    def start(self, name: str, total: int) -> None:
        self._bars.reset(self._task, total=total, description=name, doing="starting")

    def advance(self, name: str, doing: str) -> None:
        self._bars.update(self._task, advance=1, doing=doing)

    def finish(self, name: str, outcome: str) -> None:
        self._bars.console.print(f"  [bold]{name}[/]: {outcome}", highlight=False)


try:
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress
except ImportError:  # a GPU runner has torch and numpy only
    RichProgress = None


@contextmanager
def progress() -> Iterator[Progress]:
    """Progress for whatever standard output is."""
    if RichProgress is None or not sys.stdout.isatty():
        yield PlainLines()
        return
    columns = (
        TextColumn("  {task.description}"),
        BarColumn(bar_width=28),
        TextColumn("{task.fields[doing]}"),
        TimeRemainingColumn(),
    )
    with RichProgress(*columns, transient=True) as bars:
        yield _Bars(bars)
