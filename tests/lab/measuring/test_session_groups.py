"""Experiments are imported as many at once as there are cores, and none measures while another is still importing.

What it does not prove: that waiting for one's turn costs nothing at all.
"""

from pathlib import Path

import pytest

from snippets.lab.machine.machine import this_machine
from snippets.lab.measuring.session import AT_ONCE, _groups
from tests.lab.house import House

NOTES_ITS_START = """
def arm():
    with open("seen.txt", "a") as file:
        file.write(f"{__name__.split('.')[-2]} measures\\n")
    return Sample({"total": 0.5})
"""
SLOW_TO_IMPORT = """
import time
time.sleep(3)
with open("seen.txt", "a") as file:
    file.write("b_slow is imported\\n")
"""

ASKS_WHETHER_IT_CAN = """
import time

def missing():
    with open("seen.txt", "a") as file:
        file.write("b_absent asks\\n")
    time.sleep(1)
    with open("seen.txt", "a") as file:
        file.write("b_absent knows\\n")
    return "no such device"

OPTIONS = {"unavailable": missing}
"""


@pytest.mark.skipif(this_machine().cores_usable < 2, reason="one core: nothing is imported at once")
def test_nothing_measures_while_another_imports(tmp_path: Path) -> None:
    house = House(tmp_path, a_quick=NOTES_ITS_START, b_slow=SLOW_TO_IMPORT + NOTES_ITS_START)
    ended = house.measure()
    assert ended.returncode == 0, ended.stderr
    seen = (tmp_path / "seen.txt").read_text().splitlines()
    assert seen == ["b_slow is imported", *["a_quick measures"] * 2, *["b_slow measures"] * 2]


@pytest.mark.skipif(this_machine().cores_usable < 2, reason="one core: nothing is asked at once")
def test_nothing_measures_while_another_asks_whether_it_can(tmp_path: Path) -> None:
    """A driver that starts, or files that are drawn, would be measured with it."""
    house = House(tmp_path, a_quick=NOTES_ITS_START, b_absent=NOTES_ITS_START + ASKS_WHETHER_IT_CAN)
    ended = house.measure()
    assert ended.returncode == 0, ended.stderr
    seen = (tmp_path / "seen.txt").read_text().splitlines()
    assert seen == ["b_absent asks", "b_absent knows", *["a_quick measures"] * 2]
    assert house.results().experiments["b-absent"].reason == "no such device"


def test_what_experiments_read_is_made_before_the_first_measures(tmp_path: Path) -> None:
    """Else the first that looks for it would make it, while another is measured."""
    house = House(tmp_path, a_quick=NOTES_ITS_START.replace("measures", "reads").replace("seen.txt", "prepared.txt"))
    assert house.measure().returncode == 0
    assert (tmp_path / "prepared.txt").read_text().splitlines() == ["prepared", *["a_quick reads"] * 2]


def test_on_a_large_machine_some_are_imported_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each keeps torch in memory until it is its turn."""
    names = [f"n{number}" for number in range(25)]
    assert [len(group) for group in _groups(names, AT_ONCE)] == [8, 8, 8, 1]
