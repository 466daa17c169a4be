"""What a snippet cannot run without, and whether this system has it.

A line above its shown part says it: `# needs: fork, proc`.
Words that are not in KNOWN are names of packages.
"""

import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from snippets.lab.machine.machine import this_machine, this_software

LINE = re.compile(r"^# needs: (?P<what>[\w-]+(?:, [\w-]+)*)$", re.MULTILINE)

SMALL_SHM = 'mount -t tmpfs -o size=16m none /dev/shm && exec "$@"'
NAMESPACE = ("unshare", "--user", "--map-root-user", "--mount")

MOST_MAPPINGS = 1_100_000
"""Some distributions allow 1,048,576, which takes seconds to use up, and some 200 MB of the kernel's memory."""


def needs(code: str) -> list[str]:
    """What a snippet says that it cannot run without, word by word."""
    return [what for line in LINE.finditer(code) for what in line["what"].split(", ")]


def lack(code: str) -> str:
    """Why a snippet cannot run here; "" if it can."""
    for what in needs(code):
        if reason := KNOWN[what]() if what in KNOWN else _no_package(what):
            return reason
    return ""


def before(code: str) -> tuple[str, ...]:
    """What stands before the command that runs a snippet; usually nothing."""
    return (*NAMESPACE, "sh", "-c", SMALL_SHM, "sh") if "small-shm" in needs(code) else ()


@cache
def accelerator() -> str:
    """What torch computes on beside the CPU here: `cuda`, `mps`, …; "" for nothing.

    Torch says so, in a process of its own. A build for CPUs has none, and need not be imported to say so.
    """
    if this_software().torch.endswith("+cpu"):
        return ""
    ask = "import torch; print(getattr(torch.accelerator.current_accelerator(check_available=True), 'type', ''))"
    completed = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True)
    return completed.stdout.strip()


def _no_fork() -> str:
    if "fork" not in multiprocessing.get_all_start_methods():
        return "this system cannot fork"
    return "on macOS a forked process may crash" if sys.platform == "darwin" else ""


def _most_mappings() -> int | None:
    try:
        return int(Path("/proc/sys/vm/max_map_count").read_text())
    except (OSError, ValueError):
        return None


def _no_small_shm() -> str:
    if not shutil.which(NAMESPACE[0]):
        return "a small /dev/shm of its own needs Linux’s unshare"
    completed = subprocess.run([*NAMESPACE, "sh", "-c", SMALL_SHM, "sh", "true"], capture_output=True)
    return "this system lets no user mount a small /dev/shm of their own" if completed.returncode else ""


def _no_package(name: str) -> str:
    return "" if find_spec(name) else f"{name} is not installed (`make others` installs it)"


def _unless(here: Callable[[], bool], without: str) -> Callable[[], str]:
    return lambda: "" if here() else without


KNOWN: Mapping[str, Callable[[], str]] = {
    "affinity": _unless(lambda: hasattr(os, "sched_setaffinity"), "this system ties no process to some of its cores"),
    "fork": _no_fork,
    "forkserver": _unless(
        lambda: "forkserver" in multiprocessing.get_all_start_methods(), "this system has no fork server"
    ),
    "proc": _unless(lambda: Path("/proc/self/smaps_rollup").exists(), "this system tells of no process in /proc"),
    "shm": _unless(lambda: Path("/dev/shm").is_dir(), "this system has no /dev/shm"),
    "resource": _unless(lambda: bool(find_spec("resource")), "this system limits no process’s open files"),
    "open-tensors": _unless(
        lambda: sys.platform not in ("darwin", "win32"),
        "this system keeps no file open for a tensor that is handed over",
    ),
    "shm-manager": _unless(lambda: sys.platform != "win32", "here torch starts no helper for shared memory"),
    "map-limit": _unless(
        lambda: (_most_mappings() or MOST_MAPPINGS + 1) <= MOST_MAPPINGS,
        f"this system does not limit a process’s mappings to {MOST_MAPPINGS:,} or fewer",
    ),
    "signals": _unless(lambda: hasattr(signal, "SIGKILL"), "this system ends no process by a signal"),
    "cuda": _unless(lambda: bool(this_machine().gpu), "torch sees no CUDA GPU here"),
    "no-accelerator": _unless(lambda: not accelerator(), "torch sees an accelerator here"),
    "small-shm": _no_small_shm,
}
"""By its word: why a snippet that needs it cannot run here; "" if it can."""
