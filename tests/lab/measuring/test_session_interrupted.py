"""A run that is stopped in its middle ends soon, says what it kept, and leaves no process behind."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from snippets.lab.machine.machine import this_machine
from snippets.lab.results import results
from tests.lab.house import FINE, House
from tests.lab.made import measured
from tests.lab.made import results as made

HANGS_AFTER = 60.0
"""Seconds. A guard against hangs, no statement about speed."""

WORKING = """
class Slow(Items):
    def item(self, index):
        Path("working").touch()
        time.sleep(0.05)
        return super().item(index)

def arm():
    load(Slow())
    return Sample({"total": 0.5})

OPTIONS["rounds"] = 1000
"""

STUCK = WORKING.replace("time.sleep(0.05)", "signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)")

OLDER = measured(source_hash="older")


def in_its_middle(folder: Path, second: str) -> tuple[House, "subprocess.Popen[str]"]:
    """A run in whose second experiment workers work; of the third there is an older result."""
    house = House(folder, first=FINE, second=second, third=FINE)
    results.write(made(third=OLDER), house.out)
    run = house.start()
    house.wait_for("working")
    assert len(house.alive()) >= 3, "the run, its child, and workers"
    return house, run


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends one process no Ctrl-C, and ends it at once")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_stopped_in_the_middle(tmp_path: Path, sign: signal.Signals) -> None:
    """With workers that do not end when they are asked to."""
    house, run = in_its_middle(tmp_path, STUCK)
    run.send_signal(sign)
    out, err = run.communicate(timeout=HANGS_AFTER)
    assert run.returncode == 130
    assert err.strip() == "Interrupted. Measured and kept: first. Older results are untouched."
    assert "second" in out and "third" not in out
    assert house.alive() == []
    kept = house.results().experiments
    assert sorted(kept) == ["first", "third"]
    assert kept["first"].status == "measured"
    assert kept["third"] == OLDER
    assert {path.name for path in house.out.parent.iterdir()} <= {house.out.name, "sources.json"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends one process no Ctrl-C, and ends it at once")
@pytest.mark.skipif(this_machine().cores_usable < 2, reason="one core: nothing is measured at once")
def test_stopped_while_two_are_measured_at_once(tmp_path: Path) -> None:
    """With workers that do not end when they are asked to, of both."""
    own = STUCK.replace('Path("working")', "Path(__name__.split('.')[-2])")
    house = House(tmp_path, first=own, second=own)
    house.arms("first", "BESIDE_OTHERS = True\n")
    house.arms("second", "BESIDE_OTHERS = True\n")
    run = house.start()
    house.wait_for("first")
    house.wait_for("second")
    run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=HANGS_AFTER)
    assert (run.returncode, err) == (130, "\nInterrupted. Measured and kept: none. Older results are untouched.\n")
    assert house.alive() == []


def test_killed_in_the_middle(tmp_path: Path) -> None:
    """Nothing can be said then, but no process lives on for long and the results are whole."""
    house, run = in_its_middle(tmp_path, WORKING)
    run.kill()
    run.communicate()
    until = time.monotonic() + HANGS_AFTER
    while house.alive() and time.monotonic() < until:
        time.sleep(0.1)
    assert house.alive() == []
    assert house.results().experiments["third"] == OLDER
