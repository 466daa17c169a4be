"""Scripts in processes of their own, and what they left behind."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from snippets.images.make import photos, sprites
from snippets.lab.machine.processes import end_group, stop_group
from snippets.lab.outputs.preloaded import Preloaded, Request
from snippets.lab.outputs.running import ABOUT_CORES, UTF8, put_images

UNDER = Path(__file__).parent / "snippets" / "under.py"
"""`under.py forkserver script.py …` runs a script under a start method."""
HANGS_AFTER = 300
"""Seconds. A guard against hangs, no statement about speed."""


KILLED_WHILE_LEFT = re.compile(
    r"^Exception ignored in(?:: <function _MultiProcessingDataLoaderIter\.__del__| atexit callback: <function "
    r"_exit_function).*?^RuntimeError: DataLoader worker \(pid \d+\) is killed by signal: "
    r"(?:Aborted|Terminated)\.[^\n]*\n?",
    re.MULTILINE | re.DOTALL,
)
"""What Python may print on busy cores when an iterator is dropped half-read and its worker aborts on the way out, or
when a script has ended and a worker that still starts is terminated: torch looks at its workers whenever one dies.

Each was seen once in dozens of runs under Python 3.11. The script ends as it would without.
"""


@dataclass(frozen=True)
class Outcome:
    """How a script ended: its exit code, what it wrote, and the processes of its group that outlived it."""

    code: int
    stdout: str
    stderr: str
    left: tuple[int, ...] = ()

    @property
    def errors(self) -> str:
        """What stands on stderr and means something."""
        return KILLED_WHILE_LEFT.sub("", self.stderr)


def run_in_fork(python: Preloaded | None, *arguments: str | Path, cwd: Path, **environment: str) -> Outcome:
    """The same as `run`, in a fork of a Python that has imported torch; without one, as where no process can fork."""
    if python is None:
        return run(*arguments, cwd=cwd, limit=HANGS_AFTER, grace=10, **environment)
    with TemporaryDirectory(prefix="said-") as folder:
        printed, errors = Path(folder, "printed"), Path(folder, "errors")
        environment = {**os.environ, "PYTHONUTF8": "1", "PYTHONWARNINGS": _warnings(), **environment}
        asked = Request([*map(str, arguments)], str(cwd), environment, str(printed), str(errors), ABOUT_CORES)
        leader = python.start(asked)
        try:
            code, left = python.wait(HANGS_AFTER), still_there(leader, 10)
        except BaseException:
            end_group(leader, is_running=True)
            python.wait(HANGS_AFTER)
            raise
        if left:
            end_group(leader, is_running=False)
        return Outcome(code, printed.read_text(encoding="utf-8"), errors.read_text(encoding="utf-8"), left)


def run(
    *arguments: str | Path, cwd: Path, limit: float = HANGS_AFTER, grace: float = 10, **environment: str
) -> Outcome:
    """`python <arguments>` in `cwd`, in a process group of its own, of which nothing is left when this returns.

    `grace`: seconds for processes that are about to end. Other keywords are environment variables.

    Raises:
        TimeoutError: it ran longer than `limit` seconds; the message has what it wrote.
    """
    process = subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONUTF8": "1", "PYTHONWARNINGS": _warnings(), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        stdout, stderr = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        stop_group(process)
        stdout, stderr = process.communicate()
        raise TimeoutError(f"{arguments} did not end in {limit} s\n{stdout}\n{stderr}") from None
    left = still_there(process.pid, grace)
    stop_group(process)
    return Outcome(process.returncode, stdout, stderr, left)


def _warnings() -> str:
    """torch warns where there are fewer cores than workers; every other warning stays."""
    return ",".join(filter(None, [os.environ.get("PYTHONWARNINGS"), f"ignore:{ABOUT_CORES}"]))


def still_there(group: int, grace: float) -> tuple[int, ...]:
    """Processes of a group that do not end by themselves."""
    deadline = time.monotonic() + grace
    while (members := group_members(group)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return members


def group_members(group: int) -> tuple[int, ...]:
    """Living processes of a process group; none where the system has no such groups."""
    if sys.platform == "win32":
        return ()
    members = []
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, ProcessLookupError, PermissionError):
            if os.getpgid(process.pid) == group and process.status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD):  # type: ignore  (POSIX)
                members.append(process.pid)
    return tuple(members)


def python_with_torch(**environment: str) -> Iterator[Preloaded | None]:
    """For the tests of one process; None where no process can fork. Keywords are environment variables."""
    if not hasattr(os, "fork"):
        yield None
        return
    preloaded = Preloaded({**os.environ, **UTF8, **environment})
    yield preloaded
    preloaded.close()


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    """A folder like the one that a reader runs a script in."""
    return make_workplace(tmp_path)


def make_workplace(folder: Path) -> Path:
    """This folder, when `images/` is in it."""
    sprites()
    photos()
    put_images(folder / "images")
    return folder
