"""What is measured again, and what is not."""

from dataclasses import replace
from pathlib import Path

import pytest

from snippets.lab import capacity, results, session
from snippets.lab.results import Measured
from snippets.lab.session import FULL, SHORT, ForeignResults, Form, is_stale, load, measure

from .made import measured
from .made import results as made

NAMES = ["one", "pin-memory", "two"]


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names in the order in which they would have been measured."""
    taken: list[str] = []

    def take(name: str, form: Form, bars: object) -> Measured:
        taken.append(name)
        if name == "pin-memory":
            return measured(status="unavailable", reason="no GPU", source_hash=f"{name} now", passes=0, samples=[])
        return measured(source_hash=f"{name} now", passes=form.passes)

    monkeypatch.setattr(session, "experiment_names", lambda: NAMES)
    monkeypatch.setattr(session, "experiment_hash", lambda name: f"{name} now")
    monkeypatch.setattr(session, "_measure_one", take)
    monkeypatch.setattr(capacity, "probe", lambda machine: [2.0])
    return taken


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "results.json"


def change(out: Path, name: str, **changed: object) -> None:
    held = results.read(out)
    results.write(held.with_experiment(name, replace(held.experiments[name], **changed)), out)


def test_all_is_measured_first_and_nothing_the_second_time(out: Path, asked: list[str]) -> None:
    held, taken = measure(out, SHORT)
    assert taken == asked == NAMES
    assert results.read(out) == held
    asked.clear()
    assert measure(out, SHORT) == (held, [])
    assert asked == []


def test_changed_code_is_measured_again(out: Path, asked: list[str]) -> None:
    measure(out, SHORT)
    change(out, "two", source_hash="two before")
    asked.clear()
    assert measure(out, SHORT)[1] == asked == ["two"]


def test_an_error_is_measured_again(out: Path, asked: list[str]) -> None:
    measure(out, SHORT)
    change(out, "one", status="error", reason="ValueError", samples=[], passes=0)
    asked.clear()
    assert measure(out, SHORT)[1] == ["one"]


def test_more_passes_are_measured_again_and_fewer_are_not(out: Path, asked: list[str]) -> None:
    measure(out, SHORT)
    asked.clear()
    assert measure(out, FULL)[1] == asked == ["one", "two"]
    assert measure(out, SHORT)[1] == []


@pytest.mark.parametrize("form", [SHORT, FULL])
def test_what_is_unavailable_is_not_tried_again(out: Path, form: Form) -> None:
    held, _ = measure(out, SHORT)
    assert not is_stale(held, "pin-memory", form)
    change(out, "pin-memory", source_hash="before")
    assert is_stale(load(out), "pin-memory", form)


def test_another_machine_measures_all(out: Path) -> None:
    held, _ = measure(out, SHORT)
    results.write(replace(held, machine=replace(held.machine, cpu="other")), out)
    assert load(out).experiments == {}
    with pytest.raises(ForeignResults, match="results of another machine or other versions"):
        measure(out, SHORT)
    assert results.read(out).machine.cpu == "other"


def test_other_versions_measure_all(out: Path) -> None:
    held, _ = measure(out, SHORT)
    results.write(replace(held, software=replace(held.software, torch="1.0")), out)
    assert load(out).experiments == {}
    with pytest.raises(ForeignResults, match=r"torch 1\.0"):
        measure(out, SHORT)


def test_this_builds_own_file_of_another_machine_is_replaced(
    out: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "LOCAL_RESULTS", out)
    held, _ = measure(out, SHORT)
    results.write(replace(held, machine=replace(held.machine, cpu="other")), out)
    asked.clear()
    assert measure(out, SHORT)[1] == asked == NAMES
    assert results.read(out).machine == held.machine


def test_named_ones_are_measured_stale_or_not(out: Path, asked: list[str]) -> None:
    measure(out, SHORT)
    asked.clear()
    assert measure(out, SHORT, ["two"])[1] == asked == ["two"]
    assert sorted(results.read(out).experiments) == NAMES


def test_an_experiment_that_is_no_more_is_left_out(out: Path) -> None:
    results.write(made(one=measured(), gone=measured()), out)
    assert list(load(out).experiments) == ["one"]


def test_each_result_is_saved_when_it_ends(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []
    write = results.write
    monkeypatch.setattr(results, "write", lambda held, path: (seen.append([*held.experiments]), write(held, path)))
    measure(out, SHORT)
    assert seen == [NAMES[:1], NAMES[:2], NAMES, NAMES]


def test_the_capacity_of_the_pass_stands_beside_what_was_measured_in_it(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure(out, SHORT)
    probes = iter([[1.0], [1.5]])
    monkeypatch.setattr(capacity, "probe", lambda machine: next(probes))
    held, _ = measure(out, SHORT, ["two"])
    assert held.experiments["two"].capacity == {"before": [1.0], "after": [1.5]}
    assert held.experiments["one"].capacity == {"before": [2.0], "after": [2.0]}


@pytest.mark.parametrize("when", [1, 2])
def test_ctrl_c_while_the_capacity_is_probed(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], when: int
) -> None:
    probed: list[int] = []

    def interrupted(machine: object) -> list[float]:
        probed.append(1)
        if len(probed) == when:
            raise KeyboardInterrupt
        return [2.0]

    monkeypatch.setattr(capacity, "probe", interrupted)
    with pytest.raises(KeyboardInterrupt):
        measure(out, SHORT)
    kept = "none" if when == 1 else ", ".join(NAMES)
    assert f"Measured and kept: {kept}." in capsys.readouterr().err
    assert not out.exists() or list(results.read(out).experiments) == NAMES
