"""Many runs of `judge`: each in a copy, beside as many busy processes as were asked for.

What it does not prove: what `judge` says. It is played by what says where it ran.
"""

from pathlib import Path

import pytest

from snippets.lab import __main__ as command
from snippets.lab.judging import rates
from snippets.lab.measuring import repeated
from snippets.lab.paths import SNIPPETS

WHERE = "import json, snippets; print(json.dumps([{'verdict': snippets.__path__[0], 'gate': None}]))"


def test_runs_are_counted_in_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeated, "JUDGE", ("-c", WHERE))
    monkeypatch.setattr(repeated, "IMAGES", tmp_path / "none")
    monkeypatch.setattr(rates, "RATES", tmp_path / "gates.json")
    assert command.main(["rates", "busy", "2"]) == 0
    (counted,) = rates.read(rates.RATES).items()
    ((place, times),) = counted[1].verdicts.items()
    assert (counted[0], counted[1].runs, times) == ("busy", 2, 2)
    assert not Path(place).exists() and place != str(SNIPPETS)


def test_no_runs_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["rates", "idle", "0"]) == 1
    assert capsys.readouterr().err == "error: 0 runs: at least one is needed\n"
