"""Experiments are imported as many at once as there are cores, and none measures while another is still importing.

What it does not prove: that waiting for one's turn costs nothing at all.
"""

from pathlib import Path

import pytest

from snippets.lab.machine.machine import this_machine
from tests.lab.house import House

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
