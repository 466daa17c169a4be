"""Nothing that a process has started outlives it, whatever it does about signals and groups."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from snippets.lab.machine import processes
from snippets.lab.machine.processes import end_group, stop_group
from snippets.lab.paths import ROOT
from tests.lab.working import working_in

STARTS = "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', sys.argv[1], *sys.argv[2:]]{})\n"
SLEEPS = "import time\ntime.sleep(600)\n"
STUBBORN = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
LAST = "open('ready', 'w')\n" + SLEEPS
APART = ", start_new_session=True"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Where the processes of a test work, so that it can be seen which are left."""
    yield tmp_path
    assert working_in(tmp_path) == []


def begun(folder: Path, *scripts: str) -> "subprocess.Popen[str]":
    """Each script starts the next; the last one says that all have begun."""
    process = subprocess.Popen([sys.executable, "-c", *scripts], cwd=folder, text=True, start_new_session=True)
    until = time.monotonic() + 60
    while not (folder / "ready").exists():
        assert time.monotonic() < until and process.poll() is None
        time.sleep(0.02)
    return process


@pytest.mark.parametrize(
    "scripts",
    [
        [LAST],
        [STUBBORN + LAST],
        [STARTS.format("") + SLEEPS, LAST],
        [STARTS.format("") + SLEEPS, STUBBORN + LAST],
        [STARTS.format(APART) + SLEEPS, LAST],
        [STARTS.format("") + SLEEPS, STARTS.format(APART) + SLEEPS, STUBBORN + LAST],
    ],
    ids=["alone", "stubborn", "child", "stubborn child", "session", "session of a child, stubborn"],
)
def test_nothing_is_left(folder: Path, scripts: list[str]) -> None:
    process = begun(folder, *scripts)
    stop_group(process)
    assert process.returncode  # a signal's, or, on Windows, 1


STOPS = """
import subprocess, sys, time
from pathlib import Path
from snippets.lab.machine.processes import stop_group

quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
process = subprocess.Popen([sys.executable, "-c", *sys.argv[2:]], cwd=sys.argv[1], **quiet)
while not Path(sys.argv[1], "ready").exists():
    assert process.poll() is None
    time.sleep(0.02)
stop_group(process)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems are what they are")
@pytest.mark.parametrize("without", ["macos", "windows"])
def test_nothing_is_left_elsewhere(folder: Path, without: str) -> None:
    """Where groups are found by `ps`, and where a tree of processes is ended by `taskkill`, which is played."""
    environment = {**os.environ, "WITHOUT": without, "PYTHONPATH": str(ROOT / "tests" / "elsewhere")}
    scripts = (STARTS.format(APART) + SLEEPS, LAST)
    ended = subprocess.run(
        [sys.executable, "-c", STOPS, str(folder), *scripts], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there a process that has ended leads to none that it started")
def test_of_one_that_has_ended_its_child_is_ended(folder: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", STARTS.format(""), SLEEPS], cwd=folder, text=True, start_new_session=True
    )
    assert process.wait() == 0
    stop_group(process)
    assert process.returncode == 0


@pytest.mark.skipif(sys.platform != "linux", reason="Python 3.11 can look there alone without asking for an exit code")
def test_nobody_waits_for_what_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has asked for its exit code yet, so it is still listed; of a container's orphans nobody may ever ask."""
    assert sys.platform == "linux"
    process = subprocess.Popen([sys.executable, "-c", ""], start_new_session=True)
    # Until it has ended; it stays listed.
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # type: ignore  (Linux)
    with monkeypatch.context() as patch:
        patch.setattr(processes.time, "sleep", lambda _: pytest.fail("waits for what has ended"))
        end_group(process.pid, is_running=False)
    assert process.wait() == 0
