"""A run that is stopped in its middle ends soon, says what it kept, and leaves no process behind."""

import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

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


@pytest.fixture
def house(tmp_path: Path, request: pytest.FixtureRequest) -> House:
    """One experiment that ends, one in whose middle we interrupt, and one with an older result."""
    built = House(tmp_path, first=FINE, second=getattr(request, "param", WORKING), third=FINE)
    results.write(made(third=OLDER), built.out)
    return built


@pytest.mark.parametrize("house", [WORKING, STUCK], indirect=True, ids=["working", "stuck"])
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_stopped_in_the_middle(house: House, sign: signal.Signals) -> None:
    run = house.start()
    house.wait_for("working")
    assert len(house.alive()) >= 3, "the run, its child, and workers"
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
    assert [path.name for path in house.out.parent.iterdir()] == [house.out.name]


def test_what_was_kept_is_not_measured_again(house: House) -> None:
    run = house.start()
    house.wait_for("working")
    run.send_signal(signal.SIGINT)
    run.communicate(timeout=HANGS_AFTER)
    (house.root / "working").unlink()
    again = house.start()
    house.wait_for("working")
    again.send_signal(signal.SIGINT)
    out, err = again.communicate(timeout=HANGS_AFTER)
    assert "Measuring 2 of 3 experiments (short form)." in out
    assert "kept: none." in err


def test_killed_in_the_middle(house: House) -> None:
    """Nothing can be said then, but no process lives on for long and the results are whole."""
    run = house.start()
    house.wait_for("working")
    run.kill()
    run.communicate()
    until = time.monotonic() + HANGS_AFTER
    while house.alive() and time.monotonic() < until:
        time.sleep(0.1)
    assert house.alive() == []
    assert replace(house.results().experiments["third"]) == OLDER
