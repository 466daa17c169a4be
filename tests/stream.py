"""In the place of a GPU: one stream that works through what is queued while the host's clock goes on."""

from __future__ import annotations

import pytest
import torch


class Stream:
    """Seconds. `now`: the host's clock, which tests move. `free`: when all that is queued is done."""

    def __init__(self) -> None:
        self.now, self.free, self.waits = 100.0, 0.0, 0

    def queue(self, seconds: float) -> None:
        self.free = max(self.free, self.now) + seconds

    def wait(self) -> None:
        self.waits += 1
        self.now = max(self.now, self.free)

    def clock(self) -> float:
        return self.now


def in_place(monkeypatch: pytest.MonkeyPatch) -> Stream:
    """From now on torch asks it in the place of a GPU."""
    stream = Stream()

    class Event:
        """Known once the host has waited for it, or for something behind it. Its clock is the GPU's own."""

        def __init__(self, enable_timing: bool) -> None:
            assert enable_timing

        def record(self) -> None:
            self.at = max(stream.free, stream.now)

        def synchronize(self) -> None:
            stream.now = max(stream.now, self.at)

        def elapsed_time(self, end: Event) -> float:
            assert end.at <= stream.now, "asked before the GPU was there"
            return 1000 * (end.at - self.at)

    monkeypatch.setattr(torch.cuda, "Event", Event)
    monkeypatch.setattr(torch.cuda, "synchronize", stream.wait)
    return stream
