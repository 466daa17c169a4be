"""Which result a page shows: this machine's, or else the newest that others have committed."""

from dataclasses import replace
from pathlib import Path

import pytest

from snippets.lab import published, results
from snippets.lab.machine import this_machine
from snippets.lab.published import UnknownName, all_results, machine_titles, machine_words, shown, unknown
from snippets.lab.results import Measured

from .made import measured
from .made import results as made

ABSENT = measured(status="unavailable", reason="no GPU", samples=[], traces={}, passes=0, surroundings=[])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where results are looked for: `own.json` and the folder `committed`. The pages know `one` and `two`."""
    (tmp_path / "committed").mkdir()
    monkeypatch.setattr(published, "LOCAL_RESULTS", tmp_path / "own.json")
    monkeypatch.setattr(published, "COMMITTED_RESULTS", tmp_path / "committed")
    monkeypatch.setattr(published, "experiment_names", lambda: ["one", "two"])
    monkeypatch.setattr(published, "experiment_hash", lambda name: "0123456789abcdef")
    return tmp_path


def write(path: Path, cpu: str, day: str = "2026-01-02", **experiments: Measured) -> None:
    held = made(**experiments)
    results.write(replace(held, machine=replace(held.machine, cpu=cpu), measured_at=f"{day}T00:00:00+00:00"), path)


def test_own_results_come_first_however_old(folder: Path) -> None:
    write(folder / "own.json", "own", "2020-01-01", one=measured())
    write(folder / "committed" / "a.json", "a", "2026-01-01", one=measured())
    assert shown("one").results.machine.cpu == "own"


def test_whether_this_build_measured_it_is_told_by_the_file_and_not_by_the_order(folder: Path) -> None:
    """Where nothing was measured here, a stranger's file is the first."""
    write(folder / "committed" / "gpu.json", "a", one=measured())
    assert not shown("one").own and shown("one").file == str(folder / "committed" / "gpu.json")
    write(folder / "own.json", "own", "2020-01-01", one=measured())
    assert shown("one").own and [held.own for held in all_results()] == [True, False]
    assert machine_titles(held.own for held in all_results()) == ("This build’s machine", "Machine 2")


@pytest.mark.parametrize(("older", "newer"), [("a", "b"), ("b", "a")])
def test_of_committed_results_the_newest_comes_first(folder: Path, older: str, newer: str) -> None:
    write(folder / "committed" / f"{older}.json", "older", "2025-12-31", one=measured())
    write(folder / "committed" / f"{newer}.json", "newer", "2026-01-01", one=measured())
    assert [held.results.machine.cpu for held in all_results()] == ["newer", "older"]
    assert shown("one").results.machine.cpu == "newer"


def test_a_committed_file_is_read_as_a_strangers(folder: Path) -> None:
    """What contributed.py asks of it is asked of each build, not only of who validates."""
    write(folder / "own.json", "own", one=measured())
    write(folder / "committed" / "a.json", "<b>EPYC</b>", one=measured())
    with pytest.raises(results.ResultError, match="machine.cpu has markup"):
        all_results()


def test_what_cannot_be_measured_here_is_taken_from_a_machine_where_it_was(folder: Path) -> None:
    write(folder / "own.json", "own", one=ABSENT, two=measured())
    write(folder / "committed" / "gpu.json", "gpu", one=measured(), two=measured())
    assert shown("one").is_measured
    assert (shown("one").results.machine.cpu, shown("two").results.machine.cpu) == ("gpu", "own")


def test_what_was_measured_nowhere_keeps_this_machines_reason(folder: Path) -> None:
    write(folder / "own.json", "own", one=ABSENT)
    write(folder / "committed" / "other.json", "other", one=replace(ABSENT, reason="other"))
    assert not shown("one").is_measured
    assert shown("one").measured.reason == "no GPU"


def test_a_file_that_has_changed_is_read_again(folder: Path) -> None:
    write(folder / "own.json", "before", one=measured())
    assert shown("one").results.machine.cpu == "before"
    write(folder / "own.json", "now, with a longer name", one=measured())
    assert shown("one").results.machine.cpu == "now, with a longer name"


def test_older_code_is_told(folder: Path) -> None:
    write(folder / "own.json", "own", one=measured(), two=measured(source_hash="older"))
    assert (shown("one").stale, shown("two").stale) == (False, True)


def test_no_result_says_how_to_get_one(folder: Path) -> None:
    with pytest.raises(UnknownName, match="'one' has no result yet: run `.*python.* -m snippets.lab measure`"):
        shown("one")


def test_an_unknown_experiment_names_those_that_there_are(folder: Path) -> None:
    with pytest.raises(UnknownName, match="no experiment 'three'; there are: one, two"):
        shown("three")


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("no claim 'cold-is-could'", "no claim 'cold-is-could'; did you mean 'cold-is-cold'?"),
        ("measured:a has no value 'stepp'", "measured:a has no value 'stepp'; did you mean 'step'?"),
        ("no claim 'xyz'", "no claim 'xyz'; there are: cold-is-cold, step"),
    ],
)
def test_a_misspelt_name_is_told_what_it_may_mean(what: str, said: str) -> None:
    assert unknown(what, ["step", "cold-is-cold"]).message == said


@pytest.mark.parametrize(
    ("cores", "quota", "gpu", "words"),
    [
        (2, None, None, "2 usable cores, EPYC, 24\u00a0GiB, no GPU"),
        (1, None, None, "1 usable core, EPYC, 24\u00a0GiB, no GPU"),
        (8, 1.5, "H200", "1.5 usable cores, EPYC, 24\u00a0GiB, H200"),
    ],
)
def test_the_machine_in_words(cores: int, quota: float | None, gpu: str | None, words: str) -> None:
    made_up = replace(this_machine(), cpu="EPYC", affinity=cores, cores=64, quota=quota, ram=24 * 2**30, gpu=gpu)
    assert machine_words(made_up) == words
