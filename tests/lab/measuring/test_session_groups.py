"""Experiments are imported as many at once as there are cores, and none is timed while another is still importing, or
measuring. Those that time nothing are measured at once.

What it does not prove: that waiting for one's turn costs nothing at all.
"""

from pathlib import Path

import pytest

from snippets.lab.instruments.starting import cheapest
from snippets.lab.machine.machine import this_machine
from tests.lab.house import FINE, House

NOTES = """
def note(what):
    with open("prepared.txt", "a") as file:
        file.write(f"{__name__.split('.')[-2]} {what}\\n")

def arm():
    note("measures")
    return Sample({"total": 0.5})
"""
"""In the file in which it is noted that the images were prepared."""

SLOW_TO_IMPORT = """
time.sleep(3)
note("is imported")
"""

SLOW_TO_SAY_WHETHER_IT_CAN = """
def missing():
    note("asks")
    time.sleep(1)
    note("knows")

OPTIONS["unavailable"] = missing
"""


@pytest.mark.skipif(this_machine().cores_usable < 2, reason="one core: nothing is imported at once")
def test_nothing_measures_while_another_imports_or_asks_whether_it_can(tmp_path: Path) -> None:
    """A driver that starts, or files that are drawn, would be measured with it: so what all of them read is made
    before, and the first line of each comes after its question.
    """
    house = House(tmp_path, a_quick=NOTES, b_slow=NOTES + SLOW_TO_IMPORT + SLOW_TO_SAY_WHETHER_IT_CAN)
    ended = house.measure()
    assert ended.returncode == 0, ended.stderr
    begins = ["prepared", "b_slow is imported", "b_slow asks", "b_slow knows"]
    measures = [*["a_quick measures"] * 2, *["b_slow measures"] * 2]
    assert (tmp_path / "prepared.txt").read_text().splitlines() == begins + measures


DIES = "os._exit(3)\n" + FINE
BESIDE = "BESIDE_OTHERS = True\n"
MEETS = """
def arm():
    Path("here", __name__.split(".")[-2]).touch()
    until = time.monotonic() + 60
    while {"b_meets", "c_meets"} - {path.name for path in Path("here").iterdir()}:
        assert time.monotonic() < until, "the other one is not measured meanwhile"
        time.sleep(0.01)
    LATER
    return Sample({"total": 0.5})
"""


@pytest.mark.skipif(this_machine().cores_usable < 2, reason="one core: nothing is measured at once")
def test_what_may_run_beside_others_is_measured_at_once_and_before_what_may_not(tmp_path: Path) -> None:
    """Each gives its own result, also when the other one fails, and says how long it took itself. When the time is up,
    those that have begun are measured to their end.
    """
    dies, sleeps = "time.sleep(2); os._exit(3)", "time.sleep(0.2)"
    house = House(tmp_path, a_fine=FINE, b_meets=MEETS.replace("LATER", dies), c_meets=MEETS.replace("LATER", sleeps))
    (tmp_path / "here").mkdir()
    house.arms("b_meets", BESIDE)
    house.arms("c_meets", BESIDE)
    ended = house.measure("--minutes", "0.001")
    assert ended.stderr == "error: failed: b-meets (the reasons stand above)\n", ended.stdout
    found = house.results().experiments
    assert {name: one.status for name, one in found.items()} == {"b-meets": "error", "c-meets": "measured"}
    assert found["b-meets"].reason == "ended with exit code 3", "it met the other one first"
    assert found["c-meets"].cost_s > 2 * 0.2, "it was measured before anybody listened to it"
    assert "Left for the next call, as the time was up: a-fine." in ended.stdout
    assert house.alive() == []


ABSENT = FINE + 'OPTIONS["unavailable"] = lambda: "no such device"\n'
KINDS = {"absent": ABSENT, "dies": DIES, "fine": FINE}
STATUS = {"absent": "unavailable", "dies": "error", "fine": "measured"}


def test_each_gives_its_own_result_whatever_became_of_those_before(tmp_path: Path) -> None:
    """What is told to one that does not listen any more is told to none after it."""
    experiments = {f"{letter}_{kind}": body for letter in "ab" for kind, body in KINDS.items()}
    house = House(tmp_path, **experiments)
    ended = house.measure()
    assert ended.stderr == "error: failed: a-dies, b-dies (the reasons stand above)\n", ended.stdout
    found = house.results().experiments
    assert {name: one.status for name, one in found.items()} == {
        f"{letter}-{kind}": status for letter in "ab" for kind, status in STATUS.items()
    }
    assert {one.reason for one in found.values() if one.status == "error"} == {"ended with exit code 3"}
    assert house.alive() == []


AFRESH = """
OPTIONS["afresh"] = True

def arm():
    import gc
    return Sample({"total": 1.0, "frozen": float(gc.get_freeze_count() > 0)})
"""


@pytest.mark.skipif(cheapest() != "fork", reason="no process is forked here")
def test_what_looks_at_memory_is_no_fork(tmp_path: Path) -> None:
    """A fork shares what the process that it was forked from has imported, and has set aside (`gc.freeze`)."""
    house = House(tmp_path, afresh=AFRESH, forked=AFRESH.replace("True", "False"))
    assert house.measure().returncode == 0
    found = house.results().experiments
    assert [found[name].samples_of("arm", "frozen") for name in ("afresh", "forked")] == [[0, 0], [1, 1]]
