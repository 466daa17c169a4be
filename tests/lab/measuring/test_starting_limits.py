"""How long a process that measures may take to begin: a new one, which imports torch, longer than a fork of one that
has imported it. Which limit passed is said.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from snippets.lab.instruments.starting import cheapest
from tests.lab.house import FINE, House

SLOW = f"time.sleep(3)\n{FINE}"

BEGIN = """
from snippets.lab.measuring import child
from snippets.lab.measuring.child import ExperimentFailed, pool, run_pass

def begin(first, later):
    child.FIRST_STARTING_SECONDS, child.STARTING_SECONDS = first, later
    with processes.children(["snippets.experiments.slow.measure"], 0, "short") as (one,):
        try:
            print(run_pass(one, lambda *_: None).done)
        except ExperimentFailed as error:
            print(error)

with pool() as processes:
    begin(0.5, 120.0)
    begin(120.0, 0.5)
    begin(120.0, 0.25)
"""


@pytest.mark.skipif(cheapest() != "fork", reason="no process is forked here: each is new")
def test_a_process_that_takes_long_to_begin_is_told_from_one_that_measures_long(tmp_path: Path) -> None:
    """The first is new, and so is the second, as the first was ended; the third is a fork."""
    house = House(tmp_path, slow=SLOW).with_torch()
    ended = subprocess.run([sys.executable, "-c", BEGIN], cwd=house.root, capture_output=True, text=True, timeout=240)
    late = "did not begin within {} s of its start; stopped, with all its workers"
    assert ended.stdout.splitlines() == [late.format("0.5"), "True", late.format("0.25")], ended.stderr
    assert house.alive() == []
