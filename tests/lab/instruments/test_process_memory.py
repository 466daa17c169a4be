"""Private pages of a process are told apart from those that it shares."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from snippets.lab.instruments.process_memory import ProcessMemory, process_memory

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/smaps_rollup").exists(), reason="/proc/PID/smaps_rollup needs Linux 4.14"
)

SIZE, GENEROUS = 60_000_000, 20_000_000

CHILD = f"""
import mmap, os, sys
shared = mmap.mmap(-1, {SIZE})
for step in ("nothing", "private", "shared"):
    if step == "private":
        private = b"x" * {SIZE}
    if step == "shared":
        shared[:] = private
        if os.fork() == 0:
            len(shared[:])
            print(os.getpid(), flush=True)
            sys.stdin.readline()
            os._exit(0)
    else:
        print(os.getpid(), flush=True)
        sys.stdin.readline()
os.wait()
"""


def looks() -> list[ProcessMemory]:
    """A child with nothing, with a private allocation, and a fork of it that shares two."""
    with subprocess.Popen(
        [sys.executable, "-S", "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin and child.stdout
        found = []
        for _ in range(3):
            found.append(process_memory(int(child.stdout.readline())))
            child.stdin.write("\n")
            child.stdin.flush()
    return found


def test_a_private_allocation_shows_and_a_shared_one_does_not() -> None:
    nothing, private, forked = looks()
    assert abs(private.uss - nothing.uss - SIZE) < GENEROUS
    assert abs(private.pss - nothing.pss - SIZE) < GENEROUS
    assert forked.uss < nothing.uss + GENEROUS
    assert abs(forked.pss - SIZE) < 2 * GENEROUS, "half of each of two shared allocations"


def test_what_is_private_is_a_part() -> None:
    own = process_memory(os.getpid())
    assert 1_000_000 < own.uss <= own.pss


def test_a_process_that_is_gone() -> None:
    with subprocess.Popen([sys.executable, "-S", "-c", ""]) as child:
        pass
    with pytest.raises(OSError):
        process_memory(child.pid)
