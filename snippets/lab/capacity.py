"""How many cores' worth of work this machine really does at once, just now.

On a shared machine "2 cores" gave between 1.4 and 2.6 times one core's work (see reference/method.md), so
the limit line of a picture uses what was measured in the same pass, not the number of cores.
"""

import math
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from snippets.lab.machine import Machine

_SPIN = """
import sys, time
for line in sys.stdin:
    end, count = time.perf_counter() + float(line), 0
    while time.perf_counter() < end:
        for _ in range(1000):
            count += 1
    print(count, flush=True)
"""

SPIN_SECONDS = 0.25


class Spinners:
    """As many waiting processes as there are usable cores; each counts for a given time when asked to."""

    def __init__(self, processes: list["subprocess.Popen[str]"]) -> None:
        self._processes = processes

    def capacity(self) -> float:
        """Counts of all of them at once over the count of one alone: cores' worth of parallel work."""
        alone = sum(self._spin(self._processes[:1]))
        return sum(self._spin(self._processes)) / alone

    @staticmethod
    def _spin(processes: list["subprocess.Popen[str]"]) -> list[int]:
        for process in processes:
            assert process.stdin
            process.stdin.write(f"{SPIN_SECONDS}\n")
            process.stdin.flush()
        return [int(process.stdout.readline()) for process in processes if process.stdout]


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


def probe(machine: Machine, times: int = 5) -> list[float]:
    """Single probes scatter (0.78 to 3.45 on one shared 2-core machine), so give all, in order."""
    with spinners(machine) as spinning:
        return [spinning.capacity() for _ in range(times)]
