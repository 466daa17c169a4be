"""Ends a process that was started as the leader of a group of its own, and all that it has started."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def stop_group(process: "subprocess.Popen[str] | subprocess.Popen[bytes]") -> None:
    """End the process and everything that it started: workers outlive a killed parent by up to 8 s."""
    if sys.platform == "win32":
        with suppress(OSError):
            subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True)
        process.kill()
        process.wait()
        return
    end_group(process.pid, process.poll() is None, process.poll)
    process.wait()


def end_group(leader: int, is_running: bool, reap: Callable[[], object] = lambda: None) -> None:
    """The same for a process that is another one's child, by its id. `reap` asks for the exit code of an own child:
    where no processes are listed, one that has ended seems to be there until then.
    """
    assert sys.platform != "win32"
    own = {leader}
    # Who is looked for does not move into another group meanwhile.
    _signalled(leader, signal.SIGSTOP)  # type: ignore  (POSIX)
    below = _groups_below(leader) if is_running else set()
    for groups, sign, patience in ((own, signal.SIGTERM, 3.0), (own | below, signal.SIGKILL, 5.0)):  # type: ignore  (POSIX)
        deadline = time.monotonic() + patience
        signalled = [group for group in groups if _signalled(group, sign)]
        _signalled(leader, signal.SIGCONT)  # type: ignore  (POSIX)
        while any(_signalled(group, 0) for group in signalled) and time.monotonic() < deadline and _lives(signalled):
            time.sleep(0.02)
            reap()


def _groups_below(leader: int) -> set[int]:
    """Other groups that its descendants lead, as torchrun's ranks do."""
    assert sys.platform != "win32"
    processes = _living()
    family = {leader}
    while more := {pid for pid, (parent, _) in processes.items() if parent in family} - family:
        family |= more
    return {processes[pid][1] for pid in family & processes.keys()} - {leader, os.getpgrp()}  # type: ignore  (POSIX)


def _lives(groups: list[int]) -> bool:
    """Whether somebody in them has not ended; yes where no processes are listed. Who has ended can be signalled until
    its parent asks for its exit code, and the first process of a container may never ask.
    """
    living = _living().values()
    return not living or any(group in groups for _, group in living)


def _living() -> dict[int, tuple[int, int]]:
    """Parent and group of each process that has not ended, by its id."""
    return _in_proc() or _in_ps()


ENDED = ("Z", "X")
"""How the states begin of processes that have, in /proc and in `ps`."""


def _in_proc() -> dict[int, tuple[int, int]]:
    """Nothing where the system has no /proc."""
    processes: dict[int, tuple[int, int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent, group = stat.read_text(errors="replace").rpartition(")")[2].split()[:3]
        except (OSError, ValueError):
            continue
        if not state.startswith(ENDED):
            processes[int(stat.parent.name)] = int(parent), int(group)
    return processes


def _in_ps() -> dict[int, tuple[int, int]]:
    """By `ps`, as macOS has it; nothing where there is none."""
    command = ["ps", "-A", "-o", "pid=,ppid=,pgid=,stat="]
    try:
        listed = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return {}
    rows = (line.split() for line in listed.stdout.splitlines())
    return {int(pid): (int(parent), int(group)) for pid, parent, group, state in rows if not state.startswith(ENDED)}


def _signalled(group: int, sign: int) -> bool:
    """Sends a signal to a group, and says whether anybody was there to get it."""
    assert sys.platform != "win32"
    try:
        os.killpg(group, sign)  # type: ignore  (POSIX)
    except (ProcessLookupError, PermissionError):  # the latter on macOS, of a group of zombies
        return False
    return True
