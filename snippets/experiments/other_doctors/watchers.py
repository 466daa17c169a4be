"""Who watches a loop, each as its page or its README has it: for a loop's name, the verdict.

A peer has a process of its own, for it may change torch; neighbours of the loop are none of that process. Raises what
they raise, and CalledProcessError and TimeoutExpired where such a process fails.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from snippets.experiments.doctor.loops import LOOPS
from snippets.experiments.doctor.measure import watched
from snippets.experiments.other_doctors import under_datapath_doctor, under_traceml
from snippets.experiments.other_doctors.arms import HIGH_CPU, RULES
from snippets.lab.paths import ROOT

LIMIT = 120
"""Seconds after which a process is told to end."""
GRACE = 20
"""Seconds that it has to do so."""


def by_the_doctor(loop: str) -> str:
    return watched(LOOPS[loop]).name


def by_traceml(loop: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        options = ("--logs-dir", folder, "--run-name", "loop", "--args", loop)
        beside(loop, "-m", "traceml_ai.launcher.cli", "run", under_traceml.__file__, *options)
        told = json.loads(Path(folder, "loop", "final_summary.json").read_text(encoding="utf-8"))
    verdict = told["primary_diagnosis"]["status"]
    high = any(issue["kind"] == "HIGH_CPU" for issue in told["system"]["issues"])
    return HIGH_CPU if high and verdict == "INPUT-BOUND" else verdict


def by_datapath_doctor(loop: str) -> str:
    found = {*json.loads(beside(loop, "-m", under_datapath_doctor.__name__, loop))}
    return next(verdict for verdict, rules in RULES.items() if any(each <= found for each in rules))


def beside(loop: str, *command: str) -> str:
    """What Python prints, called so, while what belongs beside the loop runs."""
    assert sys.platform == "linux"
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    with (
        LOOPS[loop].beside(),
        subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": paths},
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as process,
    ):
        try:
            said, _ = process.communicate(timeout=LIMIT)
        except BaseException:
            process.terminate()  # then TraceML ends its own, which are in other groups
            with suppress(subprocess.TimeoutExpired):
                process.wait(GRACE)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # type: ignore  (POSIX)
            raise
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, said)  # type: ignore  (Linux)
    return said  # type: ignore  (Linux)
