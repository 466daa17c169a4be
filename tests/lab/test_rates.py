"""How often gates close: the table says what was counted, and what was counted is there.

What it does not prove: that another machine is as quiet.
"""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from snippets.lab import rates
from snippets.lab.rates import Rates, read
from snippets.lab.strict import StrictError

IDLE = {"holds": 150, "contradicted": 0, "too noisy to tell": 50, "not measured here": 20}
BUSY = {"holds": 10, "too noisy to tell": 10, "not measured here": 2}


def written(folder: Path) -> Path:
    path = folder / "gates.json"
    counted = {
        "idle": Rates(4, "2026-11-21", "one", IDLE, {"spread": 20, "A/A": 10}),
        "busy": Rates(1, "2026-11-22", "two", BUSY, {"capacity": 10}),
    }
    path.write_text(json.dumps({name: asdict(each) for name, each in counted.items()}))
    return path


def test_the_table_gives_shares_of_what_was_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "RATES", written(tmp_path))
    found = rates.table()
    rows = {row[0]: tuple(cell.replace("\u00a0", " ") for cell in row[1:]) for row in found.rows}
    assert found.header == ("", "Idle", "Busy")
    assert rows == {
        "Machine": ("one, 2026-11-21", "two, 2026-11-22"),
        "Runs": ("4", "1"),
        "Verdicts": ("200", "20"),
        "holds": ("75 %", "50 %"),
        "contradicted": ("0 %", "0 %"),
        "errored": ("0 %", "0 %"),
        "too noisy to tell": ("25 %", "50 %"),
        "– capacity gate closed": ("0 %", "50 %"),
        "– steal gate closed": ("0 %", "0 %"),
        "– throttling gate closed": ("0 %", "0 %"),
        "– spread gate closed": ("10 %", "0 %"),
        "– A/A gate closed": ("5 %", "0 %"),
        "– the interval contains the bound": ("10 %", "0 %"),
    }


def test_what_was_not_counted_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_text(path.read_text().replace('"runs": 4', '"runs": "many"'))
    with pytest.raises(StrictError, match=r"idle\.runs is str, not int"):
        read(path)


@pytest.mark.parametrize(("kind", "runs"), [("idle", 20), ("busy", 2)])
def test_enough_was_counted_and_nothing_was_contradicted(kind: str, runs: int) -> None:
    counted: Rates = read()[kind]
    assert counted.runs >= runs
    assert counted.verdicts.get("contradicted", 0) == counted.verdicts.get("errored", 0) == 0
    assert sum(counted.closed.values()) <= counted.verdicts.get("too noisy to tell", 0)
