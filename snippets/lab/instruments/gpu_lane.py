"""When a GPU ran the steps that were queued for it: by its own clock, brought onto that of the host."""

from collections.abc import Callable
from dataclasses import replace
from time import perf_counter
from typing import Any

import torch

from snippets.lab.instruments.experiment import Span
from snippets.lab.instruments.trace import Interval, Recording


class GpuLane:
    """The steps of one run, on the current stream. Waits for an idle GPU when it is made: there both clocks are read at
    one moment, as far as a host can tell.
    """

    def __init__(self) -> None:
        self._steps: list[tuple[torch.cuda.Event, torch.cuda.Event]] = []
        torch.cuda.synchronize()
        before = perf_counter()
        self._anchor = _event()
        self._anchor.synchronize()
        self._anchored_at = (before + perf_counter()) / 2

    def timed(self, step: Callable[..., None]) -> Callable[..., None]:
        """The step, with an event before and one behind what it queues. To queue an event takes microseconds, and
        nothing waits for it.
        """

        def run(*given: Any) -> None:
            start = _event()
            step(*given)
            self._steps.append((start, _event()))

        return run

    def let_run(self, ahead: int) -> None:
        """Wait until no more than so many steps are queued or running."""
        if len(self._steps) > ahead:
            self._steps[-ahead - 1][1].synchronize()

    def steps(self) -> list[Interval]:
        """When each step ran, in order. Waits for the last one."""
        torch.cuda.synchronize()
        return [(self._at(start), self._at(end)) for start, end in self._steps]

    def _at(self, event: torch.cuda.Event) -> float:
        return self._anchored_at + self._anchor.elapsed_time(event) / 1000


def _event() -> torch.cuda.Event:
    """Queued behind all that is."""
    event = torch.cuda.Event(enable_timing=True)
    event.record()
    return event


def durations(steps: list[Interval]) -> list[float]:
    """Seconds that each took."""
    return [end - start for start, end in steps]


def starved(waits: list[Interval], steps: list[Interval]) -> float:
    """Seconds for which the loop waited for a batch while the GPU had no step left to run. `waits`: one before each
    step. Where a loop runs ahead of its GPU it may wait as well, and nothing is lost.
    """
    lost, over = 0.0, float("-inf")
    for (asked_at, got_at), (_, end) in zip(waits, steps, strict=True):
        lost += max(0.0, got_at - max(asked_at, over))
        over = end
    return lost


def with_lane(recording: Recording, steps: list[Interval]) -> list[Span]:
    """The spans of the recording and, in a lane of their own, the GPU's steps, in seconds since it began."""
    lane = [{"lane": "GPU", "role": "step", "start": s, "end": e, "batch": i} for i, (s, e) in enumerate(steps)]
    return replace(recording, spans=[*recording.spans, *lane]).since_began()
