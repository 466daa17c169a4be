"""How often gates close: the table says what was counted, and what was counted is there.

What it does not prove: that another machine is as quiet.
"""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from snippets.lab.judging import rates
from snippets.lab.judging.rates import Rates, read
from snippets.lab.markdown import tables
from snippets.lab.store import ResultError

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
    monkeypatch.setattr(tables, "claim_ids", lambda: dict.fromkeys(["one", "two", "three"]))
    found = tables.gates()
    rows = {row[0]: tuple(cell.replace("\u00a0", " ") for cell in row[1:]) for row in found.rows}
    assert found.header == ("", "Idle", "Busy")
    assert rows == {
        "Machine": ("one, 2026-11-21", "two, 2026-11-22"),
        "Claims of that day (today there are 3)": ("55", "22"),
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
    with pytest.raises(ResultError, match=r"gates\.json: idle\.runs is str, not int\. Count again"):
        read(path)
    with pytest.raises(ResultError, match=r"nowhere\.json.*Count again"):
        read(tmp_path / "nowhere.json")


def test_verdicts_and_closed_gates_of_all_runs_are_counted() -> None:
    holds, noisy = {"verdict": "holds", "gate": None}, {"verdict": "too noisy to tell", "gate": "spread"}
    straddles = {"verdict": "too noisy to tell", "gate": None}
    found = rates.rates([[holds, noisy], [straddles, noisy]])
    assert (found.runs, found.verdicts, found.closed) == (2, {"holds": 1, "too noisy to tell": 3}, {"spread": 2})


def test_what_was_counted_under_another_load_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "RATES", written(tmp_path))
    rates.add("busy", [[{"verdict": "holds", "gate": None}]] * 2)
    counted = read(rates.RATES)
    assert [(load, counted[load].runs) for load in counted] == [("idle", 4), ("busy", 2)]


@pytest.mark.parametrize(("kind", "runs"), [("idle", 20), ("busy", 2)])
def test_enough_was_counted_and_nothing_was_contradicted(kind: str, runs: int) -> None:
    found = read()[kind]
    assert found.runs >= runs
    assert found.verdicts.get("contradicted", 0) == found.verdicts.get("errored", 0) == 0
    assert sum(found.closed.values()) <= found.verdicts.get("too noisy to tell", 0)
    assert sum(found.verdicts.values()) % found.runs == 0, "each run judges every claim"
