"""Progress of long work: bars on a terminal, plain lines elsewhere or where rich is not installed."""

import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

FEWEST = 0.1
"""Share of the steps that are done before the time left is told: the dearest snippets run first, and would foretell an
hour.
"""


class Progress(Protocol):
    """Of one piece of work after the other: an experiment, whose steps are runs of arms, or all snippets. `total`: of
    its steps.
    """

    def begin(self, name: str, total: int) -> None: ...
    def step(self, name: str, doing: str) -> None: ...
    def finish(self, name: str, outcome: str) -> None: ...


class PlainLines:
    """One line when a piece of work starts, one when it ends, and one every ten seconds between."""

    def __init__(self) -> None:
        self._began = self._printed_at = 0.0
        self._total = self._done = 0

    def begin(self, name: str, total: int) -> None:
        self._began = self._printed_at = time.monotonic()
        self._total, self._done = total, 0
        print(f"  {name} …", flush=True)

    def step(self, name: str, doing: str) -> None:
        self._done += 1
        now = time.monotonic()
        if now - self._printed_at >= 10 and self._total:
            left = (now - self._began) / self._done * max(0, self._total - self._done)
            tell = f", about {left:.0f} s left" if self._done >= FEWEST * self._total else ""
            print(f"  {name}: {doing}{tell}", flush=True)
            self._printed_at = now

    def finish(self, name: str, outcome: str) -> None:
        print(f"  {name}: {outcome}", flush=True)


def _bars_of_rich() -> AbstractContextManager[Progress]:
    """Raises ImportError where rich is missing: a GPU runner has torch and numpy only."""
    from rich.markup import escape
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress

    class Bars(RichProgress):
        def __init__(self) -> None:
            bar, left = BarColumn(bar_width=28), TimeRemainingColumn()
            doing = TextColumn("{task.fields[doing]}")
            super().__init__(TextColumn("  {task.description}"), bar, doing, left, transient=True)
            self._task = self.add_task("", total=None, doing="")

        def begin(self, name: str, total: int) -> None:
            self.reset(self._task, total=total, description=name, doing="starting")

        def step(self, name: str, doing: str) -> None:
            self.update(self._task, advance=1, doing=doing)

        def finish(self, name: str, outcome: str) -> None:
            self.console.print(f"  [bold]{name}[/]: {escape(outcome)}", highlight=False)

    return Bars()


@contextmanager
def progress() -> Iterator[Progress]:
    """Progress for whatever standard output is."""
    if sys.stdout.isatty():
        try:
            bars = _bars_of_rich()
        except ImportError:
            pass
        else:
            with bars as shown:
                yield shown
            return
    yield PlainLines()
