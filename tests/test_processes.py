"""The guards of these tests: a script that hangs, and one that leaves a process behind, are noticed."""

import os
from pathlib import Path

import psutil
import pytest

from .processes import ABORTED_WHILE_LEFT, Outcome, run

LEAVES_A_CHILD = """
import subprocess, sys
nowhere = subprocess.DEVNULL
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], stdout=nowhere, stderr=nowhere)
print(child.pid)
"""

IGNORED = """Exception ignored in: <function _MultiProcessingDataLoaderIter.__del__ at 0x7f>
Traceback (most recent call last):
  File "signal_handling.py", line 73, in handler
    _error_if_any_worker_fails()
RuntimeError: DataLoader worker (pid 1187) is killed by signal: Aborted.
"""


def test_a_script_that_hangs_is_ended(tmp_path: Path) -> None:
    with pytest.raises(TimeoutError, match="did not end in 2 s\n(?s:.)*so far"):
        run("-c", "import time; print('so far', flush=True); time.sleep(60)", cwd=tmp_path, limit=2)


def test_a_child_that_is_left_behind_is_named_and_ended(tmp_path: Path) -> None:
    if not hasattr(os, "getpgid"):
        pytest.skip("this system has no process groups")
    outcome = run("-c", LEAVES_A_CHILD, cwd=tmp_path, grace=0.2)
    (left,) = outcome.left
    assert left == int(outcome.stdout)
    assert not psutil.pid_exists(left) or psutil.Process(left).status() == psutil.STATUS_ZOMBIE


def test_only_the_one_known_noise_is_no_error() -> None:
    other = "Traceback (most recent call last):\nValueError: sprite 13\n"
    assert ABORTED_WHILE_LEFT.search(IGNORED)
    assert Outcome(0, "", other + IGNORED + other).errors == 2 * other
    assert Outcome(0, "", IGNORED.replace("__del__", "__next__")).errors != ""
