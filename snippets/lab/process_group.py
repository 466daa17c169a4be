"""Ends a process that was started as the leader of a group of its own, and all that it has started."""

import os
import signal
import subprocess
import time


def stop_group(process: "subprocess.Popen[str]") -> None:
    """End the process and everything that it started: workers outlive a killed parent by up to 8 s."""
    if os.name != "posix":
        process.kill()
        process.wait()
        return
    for sign, patience in ((signal.SIGTERM, 3.0), (signal.SIGKILL, 5.0)):
        try:
            os.killpg(process.pid, sign)
        except (ProcessLookupError, PermissionError):
            break
        until = time.monotonic() + patience
        while time.monotonic() < until and _alive(process):
            time.sleep(0.02)
    process.wait()


def _alive(process: "subprocess.Popen[str]") -> bool:
    process.poll()
    try:
        os.killpg(process.pid, 0)
    except (ProcessLookupError, PermissionError):  # macOS: of a group of zombies
        return False
    return True
