"""How many cores' worth of work this machine really does at once, just now.

On a shared machine "2 cores" gave between 1.4 and 2.6 times one core's work (see reference/method.md), so
whether a comparison may be judged, and where the limit line of a picture lies, depends on what was measured
in the same rounds, not on the number of cores.
"""

import math
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from snippets.lab.machine.machine import Machine

SPIN_SECONDS = 0.04
"""Long enough for several slices of the scheduler, short enough for every round to have one."""

COARSE = 0.003
"""Seconds. A thread's clock that moves in larger steps says too little of one spin: on Windows they are of 15.6 ms,
whatever `time.get_clock_info` says. There a spinner's share of a core cannot be told, and time itself must serve.
"""

_SPIN = f"""
import sys, time

def step(clock):
    before = now = clock()
    while now == before:
        now = clock()
    return now - before

fine = min(step(time.thread_time) for _ in range(3)) < {COARSE}
clock = time.thread_time if fine else time.perf_counter
for line in sys.stdin:
    start, began, count, wall, spent = time.perf_counter(), clock(), 0, 0.0, 0.0
    while wall < float(line) or spent <= 0:
        for _ in range(1000):
            count += 1
        wall, spent = time.perf_counter() - start, clock() - began
    print(count, spent, wall, flush=True)
"""
"""Counts at least one stretch, even where another process had the core for the whole time."""


class Spinners:
    """As many waiting processes as there are usable cores; each counts for a given time when asked to."""

    def __init__(self, processes: list["subprocess.Popen[str]"]) -> None:
        self._processes = processes

    def capacity(self) -> float:
        """Cores' worth of parallel work: counts per second of all spinners at once, over those of one that has a core
        to itself.

        The latter is counted per second of CPU time, by one spinner alone: a neighbour that takes turns with it cannot
        make it look slower. Where no clock tells that time, it can.
        """
        ((count, spent, _),) = self._spin(self._processes[:1])
        return sum(counted / wall for counted, _, wall in self._spin(self._processes)) / (count / spent)

    @staticmethod
    def _spin(processes: list["subprocess.Popen[str]"]) -> list[tuple[float, float, float]]:
        """For each spinner: counts, seconds of CPU time (or COARSE's), and seconds."""
        for process in processes:
            assert process.stdin
            process.stdin.write(f"{SPIN_SECONDS}\n")
            process.stdin.flush()
        answers = (process.stdout.readline().split() for process in processes if process.stdout)
        return [(float(count), float(spent), float(wall)) for count, spent, wall in answers]


@contextmanager
def spinners(machine: Machine) -> Iterator[Spinners]:
    """Spinners for `machine`, stopped when the block ends."""
    command = [sys.executable, "-S", "-c", _SPIN]
    count = max(1, math.ceil(machine.cores_usable))
    processes = [
        # In a session of their own: Ctrl-C is for us, and we stop them.
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)
        for _ in range(count)
    ]
    try:
        yield Spinners(processes)
    finally:
        for process in processes:
            process.kill()
            process.communicate()
