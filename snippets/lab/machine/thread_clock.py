"""How finely this system tells what a thread has computed.

The spinners of capacity.py ask the same of their own process. What they run is a part of every result, so it stays as
it was when machines were measured that cannot be had again.
"""

import time

from snippets.lab.machine.capacity import COARSE


def thread_clock_is_fine() -> bool:
    """Whether `time.thread_time` moves in steps shorter than COARSE. Takes three steps and a part of one."""

    def step() -> float:
        before = now = time.thread_time()
        while now == before:
            now = time.thread_time()
        return now - before

    return min(step() for _ in range(3)) < COARSE
