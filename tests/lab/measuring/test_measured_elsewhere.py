"""What is measured on macOS and on Windows, as tests/elsewhere stands in for them: spawned workers, coarse clocks.

What it does not prove: that the experiments of the site can be measured there. `make test-everywhere` measures them.
"""

import re
import sys
from pathlib import Path

import pytest

from snippets.lab.paths import ROOT
from tests.lab.house import House

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems are what they are")

TIMED = """
from snippets.lab.instruments.timing import time_for

def arm():
    sample = time_for(DataLoader(Items(), 4, num_workers=1), 0.0)
    return Sample({**sample.values, "total": sample.values["per_batch"]})
"""
FORKS = """
import multiprocessing

def arm():
    return Sample({"total": 1.0})

def unavailable():
    return None if "fork" in multiprocessing.get_all_start_methods() else "this system cannot fork"

OPTIONS["unavailable"] = unavailable
"""
HANGS = """
OPTIONS["deadline"] = 6.0

class Slow(Items):
    def __getitem__(self, index):
        time.sleep(600)

def arm():
    list(DataLoader(Slow(), 4, num_workers=2))
"""


@pytest.mark.parametrize(("without", "forks"), [("macos", "measured"), ("windows", "unavailable")])
def test_measured_there(tmp_path: Path, without: str, forks: str) -> None:
    house = House(tmp_path, forks=FORKS, hangs=HANGS, timed=TIMED)
    there = {"WITHOUT": without, "START_METHOD": "", "PYTHONPATH": str(ROOT / "tests" / "elsewhere"), "PYTHONUTF8": ""}
    ended = house.measure(**there)
    held = house.results()
    assert held.machine.system.startswith({"macos": "Darwin", "windows": "Windows"}[without]), ended.stderr
    status = {name: one.status for name, one in held.experiments.items()}
    assert status == {"forks": forks, "hangs": "error", "timed": "measured"}, ended.stdout
    assert held.experiments["timed"].start_method == "spawn"
    reason = held.experiments["hangs"].reason
    assert re.fullmatch(r"no end within its deadline of \d+ s; stopped, with all its workers", reason), reason
    assert house.alive() == []
