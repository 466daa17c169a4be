"""As many processes of pytest as this process has cores, and one; not as the machine has.

What it does not prove: that a container's quota is seen, which tests/lab/test_machine.py shows.
"""

import subprocess
import sys

import pytest

from .projects import ROOT

ASK = """
import os, runpy, sys
if sys.argv[1] == "one":
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
print(runpy.run_path(".ci/test.py")["PROCESSES"], len(os.sched_getaffinity(0)))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks for one core by its affinity")
@pytest.mark.parametrize("cores", ["all", "one"])
def test_there_is_one_more_than_cores_may_be_used(cores: str) -> None:
    asked = subprocess.run([sys.executable, "-c", ASK, cores], cwd=ROOT, capture_output=True, text=True, check=True)
    processes, usable = map(int, asked.stdout.split())
    assert 2 <= processes <= usable + 1
