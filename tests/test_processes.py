"""The guards of these tests: a script that hangs, and one that leaves a process behind, are noticed."""

import os
from pathlib import Path

import psutil
import pytest

from .processes import Outcome, run

LEAVES_A_CHILD = """
import subprocess, sys
nowhere = subprocess.DEVNULL
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], stdout=nowhere, stderr=nowhere)
print(child.pid)
"""

IGNORED = """Exception ignored in{}
Traceback (most recent call last):
  File "signal_handling.py", line 73, in handler
    _error_if_any_worker_fails()
RuntimeError: DataLoader worker (pid 1187) is killed by signal: {}.
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


@pytest.mark.parametrize(
    ("place", "sign"),
    [
        (": <function _MultiProcessingDataLoaderIter.__del__ at 0x7f>", "Aborted"),
        (" atexit callback: <function _exit_function at 0x7f>", "Terminated"),
    ],
)
def test_only_known_noise_is_no_error(place: str, sign: str) -> None:
    other, noise = "Traceback (most recent call last):\nValueError: sprite 13\n", IGNORED.format(place, sign)
    assert Outcome(0, "", other + noise + other).errors == 2 * other
    unknown = IGNORED.format(": <function _MultiProcessingDataLoaderIter.__next__ at 0x7f>", sign)
    assert Outcome(0, "", unknown).errors == unknown
    assert Outcome(0, "", noise.replace(sign, "Killed")).errors != ""
