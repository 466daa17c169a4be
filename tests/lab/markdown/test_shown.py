"""Which result a page shows: this machine's, or else what the workflow gpu measured and signed, or else a reference
that the project keeps; never a stranger's, and never an old one.
"""

import hashlib
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from snippets.lab import moment
from snippets.lab.figures.figure import Bars, Figure, Table
from snippets.lab.judging import rulings
from snippets.lab.judging.claim import Claim, Tier, at_most, value
from snippets.lab.judging.rules import ELSEWHERE_DAYS
from snippets.lab.judging.rulings import rule
from snippets.lab.machine.machine import this_machine
from snippets.lab.markdown import shown as showing
from snippets.lab.markdown.shown import UnknownName, instead_of, shown, speaking, unknown
from snippets.lab.results import held, results
from snippets.lab.results.held import all_results, machine_titles, machine_words, own_numbers_from, refusals
from snippets.lab.results.results import Measured
from snippets.lab.store import ResultError, read_json, write_json
from tests.lab.made import ABSENT, ThatDay, measured
from tests.lab.made import results as made
from tests.links import makes_links


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where results are looked for: `own.json` and the folder `committed`. The pages know `one` and `two`."""
    (tmp_path / "committed").mkdir()
    monkeypatch.setattr(held, "LOCAL_RESULTS", tmp_path / "own.json")
    monkeypatch.setattr(held, "COMMITTED_RESULTS", tmp_path / "committed")
    monkeypatch.setattr(held, "REFERENCES", tmp_path / "references.json")
    write_json({}, held.REFERENCES)
    monkeypatch.setattr(showing, "experiment_names", lambda: ["one", "two"])
    monkeypatch.setattr(rulings, "experiment_hash", lambda name, form: "0123456789abcdef")
    monkeypatch.setattr(showing, "date", ThatDay)
    return tmp_path


def write(path: Path, cpu: str, day: str = "2026-01-02", tier: Tier = "cpu", **experiments: Measured) -> None:
    of = made(**experiments)
    machine = replace(of.machine, cpu=cpu, gpu="NVIDIA H100" if tier == "gpu" else None)
    results.write(replace(of, tier=tier, machine=machine, measured_at=f"{day}T00:00:00+00:00"), path)


def test_own_results_come_first_however_old_and_are_told_by_their_file(folder: Path) -> None:
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


@pytest.mark.parametrize("day", ["2025-12-31", "2026-01-03"])
def test_an_unattested_file_is_shown_nowhere(folder: Path, day: str) -> None:
    """Be it older or newer than the attested one."""
    write(folder / "committed" / "a.json", "stranger", day, one=measured(), two=measured())
    write(folder / "own.json", "own", one=ABSENT)
    assert not shown("one").is_measured and shown("one").own
    with pytest.raises(UnknownName, match="'two' has no result yet"):
        shown("two")
    write(folder / "committed" / "gpu.json", "attested", one=measured())  # by the workflow gpu
    assert shown("one").results.machine.cpu == "attested"


@pytest.mark.parametrize(("tier", "measured_there"), [("cpu", False), ("gpu", True)])
def test_what_only_a_gpu_can_tell_is_shown_of_a_gpu(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tier: Tier, measured_there: bool
) -> None:
    monkeypatch.setattr(showing, "needs_gpu", lambda name: name == "one")
    write(folder / "committed" / "gpu.json", "attested", one=measured(), two=measured(), tier=tier)
    assert shown("one").is_measured == measured_there and shown("two").is_measured
    write(folder / "own.json", "own", one=measured(), two=measured())
    assert shown("one").own != measured_there and shown("two").own
    assert measured_there or shown("one").measured.reason == "it was measured without a GPU"


# A reference, which the project keeps.


def keep(*files: Path) -> None:
    """As references, with the content that they have now."""
    write_json({file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}, held.REFERENCES)


def test_a_reference_speaks_where_this_build_and_the_workflow_do_not(folder: Path) -> None:
    """Of any tier, and however much newer it is."""
    kept, stranger = folder / "committed" / "kept.json", folder / "committed" / "stranger.json"
    write(kept, "kept", "2026-01-02", one=measured(), two=measured())
    write(stranger, "stranger", "2026-01-03", one=measured(), two=measured())
    keep(kept)
    write(folder / "own.json", "own", "2020-01-01", one=ABSENT)
    assert [machine.origin for machine in all_results()] == ["own", "contributed", "reference"]
    assert {shown(name).results.machine.cpu for name in ("one", "two")} == {"kept"}
    assert not shown("one").own and shown("one").file == str(kept)
    write(folder / "committed" / "gpu.json", "attested", "2026-01-01", one=measured())
    assert [shown(name).results.machine.cpu for name in ("one", "two")] == ["attested", "kept"]
    write(folder / "own.json", "own", "2020-01-02", one=measured())
    assert [shown(name).results.machine.cpu for name in ("one", "two")] == ["own", "kept"]
    assert refusals() == []


def test_own_results_that_were_made_a_reference_are_no_second_machine(folder: Path) -> None:
    kept = folder / "committed" / "kept.json"
    write(kept, "this", "2026-01-02", one=measured())
    keep(kept)
    write(folder / "own.json", "this", "2026-01-02", one=measured())
    assert [machine.origin for machine in all_results()] == ["own"] and refusals() == []
    write(folder / "own.json", "this", "2026-01-03", one=measured())
    assert [machine.origin for machine in all_results()] == ["own", "reference"]


def test_a_reference_with_the_line_ends_of_windows_is_the_same(folder: Path) -> None:
    kept = folder / "committed" / "kept.json"
    write(kept, "kept", one=measured())
    keep(kept)
    kept.write_bytes(kept.read_bytes().replace(b"\n", b"\r\n"))
    write(folder / "own.json", "own", one=ABSENT)
    assert [machine.origin for machine in all_results()] == ["own", "reference"] and refusals() == []


@pytest.mark.parametrize("other", ["other content", "other name"])
def test_what_is_called_like_a_reference_and_is_none_is_a_strangers(folder: Path, other: str) -> None:
    """One byte of it may be another one: who added it chose that."""
    kept = folder / "committed" / "kept.json"
    write(kept, "kept", one=measured())
    write(folder / "own.json", "own", one=ABSENT)
    keep(kept)
    content = f"has another content than {hashlib.sha256(kept.read_bytes()).hexdigest()[:12]}…"
    if other == "other content":
        kept.write_text(kept.read_text() + "\n")
    else:
        kept.rename(kept.with_name("also.json"))
    assert [machine.origin for machine in all_results()] == ["own", "contributed"]
    assert shown("one").own and not shown("one").is_measured
    assert refusals() == [f"No reference: {kept} {content if other == 'other content' else 'is not there'}"]


@pytest.mark.parametrize(
    "there", ["a folder", *(pytest.param(f"a link to {what}", marks=makes_links) for what in ("a device", "nothing"))]
)
def test_what_is_called_like_a_reference_and_is_no_file_is_passed_over(
    folder: Path, monkeypatch: pytest.MonkeyPatch, there: str
) -> None:
    """And is not opened: the device gives bytes without end."""
    kept = folder / "committed" / "kept.json"
    write_json({kept.name: "0" * 64}, held.REFERENCES)
    write(folder / "own.json", "own", one=measured())
    if there == "a folder":
        kept.mkdir()
    else:
        kept.symlink_to("/dev/zero" if there == "a link to a device" else "/nowhere")
    monkeypatch.setattr(held, "_digest", lambda _: pytest.fail("it is read"))
    assert [machine.own for machine in all_results()] == [True]
    (line,) = refusals()
    why = {"a folder": "cannot be read", "a link to a device": "a link.", "a link to nothing": "is not there"}
    assert why[there] in line and str(kept) in line


@pytest.mark.parametrize("name", ["gpu.json", "my-machine.json"])
def test_what_a_refused_file_says_is_not_told_in_full(folder: Path, name: str) -> None:
    write(folder / "own.json", "own", one=measured())
    write(folder / "committed" / name, "EPYC", one=measured())
    text = (folder / "committed" / name).read_text()
    (folder / "committed" / name).write_text(text.replace('"tier": "cpu"', f'"tier": "{"x" * 1_000_000}"'))
    (line,) = refusals()
    assert len(line) == 401 and line.startswith(f"Passed over: {folder / 'committed' / name}: tier is 'xxx")


def test_a_reference_that_newer_rules_refuse_is_passed_over(folder: Path) -> None:
    write(folder / "own.json", "own", one=measured())
    write(folder / "committed" / "kept.json", "<b>EPYC</b>", one=measured())
    keep(folder / "committed" / "kept.json")
    assert [machine.own for machine in all_results()] == [True]
    assert "kept.json: machine.cpu has " in refusals()[0]


def test_one_command_keeps_a_reference_and_keeps_it_anew(folder: Path) -> None:
    """Beside those that there are."""
    kept, other = folder / "committed" / "kept.json", folder / "committed" / "other.json"
    for file in (kept, other):
        write(file, file.stem, one=measured())
        held.keep(file)
    assert [machine.origin for machine in all_results()] == ["reference", "reference"]
    write(kept, "refreshed", "2026-01-03", one=measured())
    assert [machine.origin for machine in all_results()] == ["contributed", "reference"]
    held.keep(kept)
    assert [machine.results.machine.cpu for machine in all_results()] == ["refreshed", "other"]
    assert {machine.origin for machine in all_results()} == {"reference"}


def test_what_no_build_would_read_is_kept_as_no_reference(folder: Path) -> None:
    elsewhere, odd = folder / "kept.json", folder / "committed" / "odd.json"
    write(elsewhere, "EPYC", one=measured())
    write(odd, "<b>EPYC</b>", one=measured())
    with pytest.raises(ResultError, match="kept.json: a reference lies in .*committed. Put it there."):
        held.keep(elsewhere)
    with pytest.raises(ResultError, match="odd.json: machine.cpu has "):
        held.keep(odd)
    assert read_json(dict[str, str], held.REFERENCES) == {}


def test_a_list_of_references_that_is_none_is_an_error(folder: Path) -> None:
    held.REFERENCES.write_text("[]")
    with pytest.raises(ResultError, match="references.json: not a list of references"):
        all_results()


# One value that is missing in what this build measured.


def test_who_may_have_what_is_missing_here(folder: Path) -> None:
    """By the code of today, never a stranger, and of the same workloads."""
    kept, stranger = folder / "committed" / "kept.json", folder / "committed" / "stranger.json"
    for file in (kept, stranger):
        write(file, file.stem, one=measured(), two=measured(source_hash="feedbeef"))
    keep(kept)
    write(folder / "own.json", "own", one=measured(), two=measured())
    assert [other.results.machine.cpu for other in instead_of(shown("one"))] == ["kept"]
    assert instead_of(shown("two")) == []
    write(folder / "own.json", "own", one=replace(ABSENT, status="error"))
    assert instead_of(shown("one")) == [], "nobody stands in for what failed"
    write(folder / "own.json", "own", one=measured(params={**measured().params, "drawn_on": "2026-01-02"}))
    assert instead_of(shown("one")) == [], "another day drew other workloads"


# What is too old.

LAST = date(2026, 1, 2) - timedelta(ELSEWHERE_DAYS)
OLD = f"it was measured elsewhere, more than {ELSEWHERE_DAYS} days ago"


def test_in_a_build_who_stands_in_is_the_same_each_time(folder: Path) -> None:
    """What its values are is derived once, however many of them are missing here: that took half of a build."""
    kept = folder / "committed" / "kept.json"
    write(kept, "kept", one=measured())
    keep(kept)
    write(folder / "own.json", "own", one=measured())
    moment.begin()
    try:
        assert instead_of(shown("one"))[0] is instead_of(shown("one"))[0]
    finally:
        moment.end()


def then(day: date) -> Measured:
    return measured(measured_at=f"{day}T03:04:05+00:00")


@pytest.mark.parametrize("name", ["gpu.json", "kept.json"])
@pytest.mark.parametrize(("day", "speaks"), [(LAST, True), (LAST - timedelta(1), False)], ids=["in time", "a day late"])
def test_what_was_measured_elsewhere_speaks_for_so_long(folder: Path, name: str, day: date, speaks: bool) -> None:
    """By the day of the experiment, and whatever else its file has measured since."""
    write(folder / "committed" / name, "elsewhere", "2026-01-02", one=then(day), two=measured())
    keep(*folder.glob("committed/kept.json"))
    write(folder / "own.json", "own", one=ABSENT)
    assert shown("one").is_measured == speaks != shown("one").own
    assert shown("one").measured.reason == ("" if speaks else f"no GPU; {OLD}")
    assert shown("two").is_measured


@pytest.mark.parametrize("name", ["gpu.json", "kept.json"])
@pytest.mark.parametrize("day", [LAST, LAST - timedelta(1)], ids=["in time", "a day late"])
def test_nobody_stands_in_for_what_failed_here(folder: Path, name: str, day: date) -> None:
    """Else `judge` would end well."""
    write(folder / "committed" / name, "elsewhere", "2026-01-02", one=then(day))
    keep(*folder.glob("committed/kept.json"))
    write(folder / "own.json", "own", one=replace(ABSENT, status="error", reason="LookupError: no sprite"))
    assert (shown("one").own, shown("one").measured.status) == (True, "error")
    claim = Claim("a", value("the total", "alone"), at_most(9.0), "", tiers=("cpu", "gpu"))
    assert rule("one", claim, speaking("one")).judgement.verdict.stops_a_build


def test_what_is_old_is_not_shown_where_nothing_else_is_there(folder: Path) -> None:
    write(folder / "committed" / "gpu.json", "attested", one=then(date(2020, 1, 1)))
    assert (shown("one").is_measured, shown("one").measured.reason) == (False, OLD)
    assert shown("one").measured.samples == [] and shown("one").measured.traces == {}


def test_what_is_old_gives_way_to_a_reference_that_is_not(folder: Path) -> None:
    write(folder / "committed" / "gpu.json", "attested", one=then(date(2020, 1, 1)))
    write(folder / "committed" / "kept.json", "kept", one=measured())
    keep(folder / "committed" / "kept.json")
    assert shown("one").results.machine.cpu == "kept"


def test_what_this_build_measured_is_never_too_old(folder: Path) -> None:
    """It is measured anew when its code changes."""
    write(folder / "own.json", "own", one=then(date(2020, 1, 1)))
    assert shown("one").is_measured


def shows(monkeypatch: pytest.MonkeyPatch, of: Callable[[Measured], object]) -> None:
    """What the experiment's `show.py` does to make its figure."""

    def figure(result: Measured) -> Figure:
        of(result)
        return Figure("It is.", Bars("s", "lower", ()), Table(("", "Epoch"), ()))

    monkeypatch.setattr(showing, "has_show", lambda name, part: True)
    monkeypatch.setattr(showing, "show", lambda name, part: SimpleNamespace(values=lambda result: {}, figure=figure))


@pytest.mark.parametrize(
    ("of", "hash_then", "reason"),
    [
        (lambda result: result.estimate("renamed"), "feedbeef", "it was measured elsewhere with older code"),
        (lambda result: result.estimate("alone", "renamed"), "feedbeef", "it was measured elsewhere with older code"),
        (lambda result: result.params["renamed"], "feedbeef", "it was measured elsewhere with older code"),
        (lambda result: result.estimate("renamed"), "0123456789abcdef", "what was measured elsewhere is not whole"),
        (lambda result: result.traces["alone"], "0123456789abcdef", "what was measured elsewhere is not whole"),
        (lambda result: 1 / len(result.confirmation), "feedbeef", "it was measured elsewhere with older code"),
        (lambda result: 0, "feedbeef", "it was measured elsewhere with older code"),
    ],
    ids=["arm", "value", "parameter", "arm of this code", "trace", "nothing to divide by", "nothing to draw"],
)
def test_what_another_machine_s_file_lacks_is_not_measured_here(
    folder: Path, monkeypatch: pytest.MonkeyPatch, of: Callable[[Measured], object], hash_then: str, reason: str
) -> None:
    shows(monkeypatch, of)
    write(folder / "own.json", "own", one=ABSENT)
    write(folder / "committed" / "gpu.json", "attested", tier="gpu", one=measured(source_hash=hash_then))
    assert (shown("one").is_measured, shown("one").measured.reason) == (False, reason)
    assert shown("one").measured.traces == {}, "no link to what is not shown"


@pytest.mark.parametrize(
    ("changed", "is_shown"),
    [
        ({"params": {"workers": 8, "wait": 0.25, "method": "spawn", "pinned": False}}, True),
        ({"params": {"workers": "8, see elsewhere", "wait": 0.25, "method": "fork", "pinned": False}}, False),
        ({"params": {"workers": 8}}, False),
        ({"question": "Is it really?"}, False),
        ({"pitfalls": "None."}, False),
        ({"question": "Was it?", "source_hash": "feedbeef"}, True),
    ],
)
def test_words_of_a_file_that_this_code_would_not_say_are_not_shown(
    folder: Path, changed: dict[str, Any], is_shown: bool
) -> None:
    """What could not be measured here has described itself all the same."""
    write(folder / "own.json", "own", one=ABSENT)
    write(folder / "committed" / "gpu.json", "attested", tier="gpu", one=measured(**changed))
    assert shown("one").is_measured == is_shown
    assert is_shown or "otherwise than here" in shown("one").measured.reason


def test_what_this_build_s_own_result_lacks_is_an_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shows(monkeypatch, lambda result: result.estimate("renamed"))
    write(folder / "own.json", "own", one=measured())
    with pytest.raises(KeyError, match="no samples of 'total' for the arm 'renamed'"):
        shown("one").figure()


@pytest.mark.parametrize("name", ["gpu.json", "my-machine.json"])
def test_a_file_of_another_schema_is_passed_over(folder: Path, name: str) -> None:
    """Nobody without its machine can write it anew, and a step of the schema must not stop all."""
    write(folder / "own.json", "own", one=measured())
    (folder / "committed" / name).write_text('{"schema": 1}')
    assert [held.own for held in all_results()] == [True]
    (line,) = refusals()
    assert line.startswith(f"Passed over: {folder / 'committed' / name}: schema 1, but this version reads ")
    assert "\n" not in line


@pytest.mark.parametrize("name", ["gpu.json", "my-machine.json", "My Machine.json"])
def test_a_file_of_others_that_the_rules_refuse_is_passed_over_and_named(folder: Path, name: str) -> None:
    """What contributed.py asks of it is asked by each build. Else no change of the rules could be proposed: who builds
    has not its machine. Who adds or changes one is refused: test_sharing.py.
    """
    write(folder / "own.json", "own", one=measured())
    write(folder / "committed" / name, "<b>EPYC</b>", one=measured())
    assert [held.own for held in all_results()] == [True]
    (line,) = refusals()
    assert line.startswith(f"Passed over: {folder / 'committed' / name}: ")
    assert ("machine.cpu has " in line) != (name == "My Machine.json")


def test_this_build_s_own_file_of_another_schema_is_an_error(folder: Path) -> None:
    (folder / "own.json").write_text('{"schema": 1}')
    with pytest.raises(results.OtherSchema):
        all_results()


@pytest.mark.skipif(sys.platform == "win32", reason="no file may be called so there")
def test_a_file_s_name_is_no_line_of_its_own(folder: Path) -> None:
    """A runner takes lines of its log that begin with two colons for commands."""
    write(folder / "own.json", "own", one=measured())
    write(folder / "committed" / "a\n::error::b.json", "EPYC", one=measured())
    (line,) = refusals()
    assert "\n" not in line and "a ::error::b.json: name it with small letters" in line


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


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("one", "'one' has no result yet: run `.*python.* -m snippets.lab measure`"),
        ("three", "no experiment 'three'; there are: one, two"),
    ],
)
def test_a_name_without_a_result_says_what_to_do(folder: Path, name: str, said: str) -> None:
    with pytest.raises(UnknownName, match=said):
        shown(name)


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
    assert machine_words(replace(made_up, ram=0)) == words.replace("24\u00a0GiB", "RAM unknown")


def test_what_this_builds_own_numbers_come_from(folder: Path) -> None:
    """Of no other machine, and nothing where nothing was measured."""
    write(folder / "committed" / "gpu.json", "attested", one=measured())
    assert own_numbers_from() == ""
    write(folder / "own.json", "EPYC", "2020-01-01", one=measured())
    software = made().software
    ending = f"Python {software.python}, torch {software.torch}, 2020-01-01"
    assert "EPYC" in own_numbers_from() and own_numbers_from().endswith(ending)
