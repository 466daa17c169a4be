"""What a DataLoader does that can be counted: what is claimed where something is not.

What it does not prove: the counts. Each build counts them, and contradicts a claim by one that is another;
test_every_experiment looks at which counts the claims take.
"""

import pytest

from snippets.experiments.counted import arms, measure
from snippets.lab.judging.claim import NotHere
from snippets.lab.judging.claims import claims
from snippets.lab.results.results import Measured

from .results import claim, result

PINNING = ["pinning-warns-without-a-gpu", "pinning-pins-nothing-without-a-gpu"]


def counted(accelerator: float, *scripts: str) -> Measured:
    pinning = {"warnings": 1.0, "pinned": 2.0, "accelerator": accelerator}
    return result("", {arms.PINNING: pinning, arms.SCRIPTS: dict.fromkeys(scripts, 3.0)}, rounds=1)


def silent(measured: Measured) -> list[str]:
    """Of the claims about scripts and pinning, those that say nothing of it."""
    found = []
    for each in claims("counted"):
        if each.id in PINNING or "guard" in each.id:
            try:
                each.statistic.of(measured)
            except NotHere:
                found.append(each.id)
    return found


def test_on_macos_no_script_forks(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setattr(measure, "script", lambda method, guarded: asked.append(method))
    monkeypatch.setattr(measure, "end_well", lambda files, notebooks: dict.fromkeys(files, 1.0))
    assert {*measure.scripts().values} == {"spawn_unguarded", "spawn_guarded"}
    assert {*asked} == {"spawn"}


def test_nothing_is_claimed_of_what_is_not_there() -> None:
    """With an accelerator nothing is said of pinning without one; without fork, nothing of fork."""
    scripts = ("spawn_unguarded", "spawn_guarded", "notebook_guarded")
    assert silent(counted(1.0, *scripts)) == ["fork-needs-no-guard", *PINNING]
    assert silent(counted(0.0, *scripts, "fork_unguarded")) == []
    assert [claim(name).statistic.of(counted(0.0)) for name in PINNING] == [[1.0], [2.0]]
