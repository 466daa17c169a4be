"""Who takes a group of its own while the one that started it is ended is ended as well.

As a script does that a Python with torch forks at that moment. The moment is made long here.
"""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from snippets.lab.machine import processes
from tests.lab.working import working_in

MOVES = """
import os, time
if os.fork() == 0:
    while not os.path.exists("go"):
        time.sleep(0.01)
    os.setsid()
    os.mkdir("moved")
    time.sleep(60)
os.mkdir("forked")
time.sleep(60)
"""


def wait_for(path: Path, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.02)
    return path.exists()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="this system tells of no process in /proc")
def test_who_moves_into_a_group_of_its_own_meanwhile_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process = subprocess.Popen([sys.executable, "-c", MOVES], cwd=tmp_path, start_new_session=True)
    assert wait_for(tmp_path / "forked", 60)
    below = processes._groups_below

    def slowly(leader: int) -> set[int]:
        groups = below(leader)
        (tmp_path / "go").touch()
        wait_for(tmp_path / "moved", 2)
        return groups

    monkeypatch.setattr(processes, "_groups_below", slowly)
    processes.stop_group(process)
    assert working_in(tmp_path) == []
