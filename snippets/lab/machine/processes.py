"""Ends a process that was started as the leader of a group of its own, and all that it has started."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path


def stop_group(process: "subprocess.Popen[str] | subprocess.Popen[bytes]") -> None:
    """End the process and everything that it started: workers outlive a killed parent by up to 8 s."""
    if sys.platform == "win32":
        process.kill()
        process.wait()
        return
    end_group(process.pid, process.poll() is None, process.poll)
    process.wait()


def end_group(leader: int, is_running: bool, reap: Callable[[], object] = lambda: None) -> None:
    """The same for a process that is another one's child, by its id. `reap` is called until the group is gone, for a
    child that has ended is there until its parent asks for its exit code.
    """
    assert sys.platform != "win32"
    own = {leader}
    _signalled(leader, signal.SIGSTOP)  # who is looked for does not move into another group meanwhile
    below = _groups_below(leader) if is_running else set()
    for groups, sign, patience in ((own, signal.SIGTERM, 3.0), (own | below, signal.SIGKILL, 5.0)):
        deadline = time.monotonic() + patience
        signalled = [group for group in groups if _signalled(group, sign)]
        _signalled(leader, signal.SIGCONT)
        while time.monotonic() < deadline and any(_signalled(group, 0) for group in signalled):
            time.sleep(0.02)
            reap()


def _groups_below(leader: int) -> set[int]:
    """Other groups that its descendants lead, as torchrun's ranks do; none where the system has no /proc to ask."""
    assert sys.platform != "win32"
    processes: dict[int, tuple[int, int]] = {}  # by id: parent and group
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            _, parent, group = stat.read_text(errors="replace").rpartition(")")[2].split()[:3]
        except (OSError, ValueError):
            continue
        processes[int(stat.parent.name)] = int(parent), int(group)
    family = {leader}
    while more := {pid for pid, (parent, _) in processes.items() if parent in family} - family:
        family |= more
    return {processes[pid][1] for pid in family & processes.keys()} - {leader, os.getpgrp()}


def _signalled(group: int, sign: int) -> bool:
    """Sends a signal to a group, and says whether anybody was there to get it."""
    assert sys.platform != "win32"
    try:
        os.killpg(group, sign)
    except (ProcessLookupError, PermissionError):  # the latter on macOS, of a group of zombies
        return False
    return True
