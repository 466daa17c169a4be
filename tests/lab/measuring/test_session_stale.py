"""What is measured again, and what is not, and what is kept of it."""

import json
import re
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from snippets.lab.instruments.experiment import about
from snippets.lab.judging.claim import Bounds, Claim, at_least, at_most, value
from snippets.lab.machine.gpu_properties import GpuProperties
from snippets.lab.machine.memory import limited
from snippets.lab.machine.surroundings import Surroundings
from snippets.lab.measuring import session
from snippets.lab.measuring.child import ExperimentFailed, Pass, Pool
from snippets.lab.measuring.last_words import REFUSALS
from snippets.lab.measuring.limit import Limit
from snippets.lab.measuring.session import NO_TIME, ForeignResults, is_stale, load, measure
from snippets.lab.measuring.session import _measure_one as measure_one
from snippets.lab.progress import PlainLines
from snippets.lab.results import results
from snippets.lab.results.results import Form, Measured, Results
from tests.lab.made import PROPERTIES, measured
from tests.lab.made import results as made

NAMES = ["one", "pin-memory", "two"]
NOTHING: dict[str, Any] = {"passes": 0, "samples": [], "traces": {}, "surroundings": []}
ABSENT = measured(status="unavailable", reason="no GPU", source_hash="now", **NOTHING)
FAILED = measured(status="error", reason="ValueError", source_hash="now", **NOTHING)
FRESH = measured(source_hash="now", again=None)
"""Its headline lies between 6.0 and 6.6 in every round."""


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names in the order in which they would have been measured."""
    taken: list[str] = []

    def take(name: str, form: Form, *_: object) -> Measured:
        taken.append(name)
        return replace(ABSENT if name == "pin-memory" else FRESH, form=form)

    monkeypatch.setattr(session, "experiment_names", lambda: NAMES)
    monkeypatch.setattr(session, "experiment_hash", lambda name, form: "now")
    monkeypatch.setattr(Pool, "children", lambda self, modules, *_: nullcontext([*modules]))
    monkeypatch.setattr(session, "_measure_one", take)
    monkeypatch.setattr(session, "claims", lambda name: ())
    return taken


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "results.json"


def test_all_is_measured_first_each_saved_when_it_ends_and_nothing_the_second_time(
    out: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: list[list[str]] = []
    write = results.write
    monkeypatch.setattr(results, "write", lambda held, path: (saved.append([*held.experiments]), write(held, path)))
    held, taken = measure(out, "short")
    assert taken == asked == NAMES
    assert saved == [NAMES[:1], NAMES[:2], NAMES]
    assert results.read(out) == held
    assert measure(out, "short") == (held, [])
    assert asked == NAMES and len(saved) == 3


def test_only_what_is_stale_or_named_is_measured_again(out: Path, asked: list[str]) -> None:
    """In the full form what was measured in the short one is."""
    measure(out, "short")
    asked.clear()
    assert measure(out, "short", ["two"])[1] == asked == ["two"]
    asked.clear()
    assert measure(out, "full")[1] == asked == ["one", "two"]
    assert measure(out, "short")[1] == []
    assert sorted(results.read(out).experiments) == NAMES


LONG = replace(FRESH, form="full")
HOLDS, CONTRADICTED, NOISY = at_least(5.0), at_most(5.0), at_most(6.3)
CONFIRMED = replace(FRESH, confirmation=FRESH.samples, surroundings=FRESH.surroundings * 2)
DISTURBED = replace(FRESH, surroundings=[Surroundings([0.5] * 7, 0.0, None)])


@pytest.mark.parametrize(
    ("held", "form", "bounds", "stale"),
    [
        (None, "short", HOLDS, True),
        (FAILED, "short", HOLDS, True),
        (FRESH, "short", HOLDS, False),
        (FRESH, "full", HOLDS, True),
        (LONG, "full", HOLDS, False),
        (LONG, "short", HOLDS, False),
        (replace(FRESH, source_hash="before"), "short", HOLDS, True),
        (ABSENT, "short", HOLDS, False),
        (ABSENT, "full", HOLDS, False),
        (replace(ABSENT, source_hash="before"), "short", HOLDS, True),
        *[(replace(ABSENT, reason=reason), "short", HOLDS, True) for reason in (*REFUSALS.values(), NO_TIME)],
        (FRESH, "short", CONTRADICTED, True),
        (FRESH, "short", NOISY, False),
        (CONFIRMED, "short", CONTRADICTED, False),
        (DISTURBED, "short", CONTRADICTED, False),
    ],
)
def test_what_is_stale(
    monkeypatch: pytest.MonkeyPatch, held: Measured | None, form: Form, bounds: Bounds, stale: bool
) -> None:
    """A claim that was changed measures again only if it now looks contradicted, and nothing has confirmed it. A GPU
    that another program has will be free some day.
    """
    claim = Claim("a", value("the total", "alone"), bounds, "")
    monkeypatch.setattr(session, "claims", lambda name: (claim,))
    assert is_stale(made(**{"one": held} if held else {}), "one", form) == stale


OTHER = made()
OTHERS = [
    (replace(OTHER, machine=replace(OTHER.machine, cpu="Abacus")), f"cpu Abacus, here {OTHER.machine.cpu}"),
    (replace(OTHER, machine=replace(OTHER.machine, driver="580.1")), "driver 580.1, here none"),
    (replace(OTHER, software=replace(OTHER.software, torch="1.0")), f"torch 1.0, here {OTHER.software.torch}"),
]


@pytest.mark.parametrize(("other", "words"), OTHERS, ids=["another machine", "another driver", "other versions"])
def test_where_the_file_is_of_another_machine_all_is_measured_into_another_file(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], other: Results, words: str
) -> None:
    """Unless it is this build's own. What differs is named in either case."""
    foreign = replace(other, experiments={"one": FRESH})
    results.write(foreign, out)
    assert load(out).experiments == {}
    said = f"results of another machine or other versions ({words})"
    with pytest.raises(ForeignResults, match=re.escape(said)):
        measure(out, "short")
    assert results.read(out) == foreign and [*out.parent.iterdir()] == [out]
    monkeypatch.setattr(session, "LOCAL_RESULTS", out)
    assert measure(out, "short")[1] == NAMES
    kept = out.with_name("results.before.json")
    assert f"Set aside: {out} holds {said}; they are kept in {kept.name}, beside it.\n" in capsys.readouterr().out
    assert results.read(kept) == foreign
    assert (results.read(out).machine, results.read(out).software) == (limited(OTHER.machine), OTHER.software)


def test_memory_that_grows_makes_nothing_stale(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """That of a virtual machine may, while it runs; on Linux half of it is /dev/shm."""
    measure(out, "short")
    grown = replace(OTHER.machine, ram=OTHER.machine.ram + 2**30, shm=2**40)
    monkeypatch.setattr(session, "this_machine", lambda: grown)
    held, taken = measure(out, "short")
    assert taken == [] and list(held.experiments) == NAMES and held.machine == grown
    assert "Set aside" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("reason", "shm", "again"),
    [
        ("its batches need 90 MiB of /dev/shm, which has 64 MiB", 2**30, True),
        ("its batches need 90 MiB of /dev/shm, which has 64 MiB", 2**26, False),
        ("this system has no /dev/shm", 2**30, True),
        ("no GPU", 2**30, False),
    ],
)
def test_what_a_small_shared_memory_kept_from_being_measured_is_asked_again_in_another(
    out: Path, monkeypatch: pytest.MonkeyPatch, asked: list[str], reason: str, shm: int, again: bool
) -> None:
    """As where a container is started anew with more of it."""
    before = replace(OTHER.machine, shm=2**26)
    results.write(replace(made(one=FRESH, two=replace(ABSENT, reason=reason)), machine=before), out)
    monkeypatch.setattr(session, "this_machine", lambda: replace(before, shm=shm))
    monkeypatch.setattr(session, "limited", lambda machine: machine)
    monkeypatch.setattr(session, "experiment_names", lambda: ["one", "two"])
    assert measure(out, "short")[1] == asked == (["two"] if again else [])


def test_an_experiment_that_is_no_more_is_left_out(out: Path) -> None:
    results.write(made(one=measured(), gone=measured()), out)
    assert list(load(out).experiments) == ["one"]


def test_this_builds_own_file_of_an_older_version_is_replaced(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    measure(out, "short")
    out.write_text(out.read_text(encoding="utf-8").replace('"schema": 4', '"schema": 2'), encoding="utf-8")
    with pytest.raises(results.OtherSchema, match="schema 2, but this version reads 4"):
        measure(out, "short")
    monkeypatch.setattr(session, "LOCAL_RESULTS", out)
    assert measure(out, "short")[1] == NAMES


def test_a_file_of_the_schema_before_is_taken_over_and_nothing_is_measured_anew(out: Path) -> None:
    measure(out, "short")
    before = json.loads(out.read_text(encoding="utf-8"))
    del before["gpu_properties"], before["outputs"]
    out.write_text(json.dumps({**before, "schema": 3}), encoding="utf-8")
    held, taken = measure(out, "short")
    assert taken == [] and [*held.experiments] == NAMES
    assert measure(out, "short", ["two"])[1] == ["two"]
    assert results.read(out).schema == json.loads(out.read_text(encoding="utf-8"))["schema"] == 4


@pytest.mark.parametrize(
    ("gpu", "tier", "properties"), [(None, "cpu", None), ("NVIDIA H100", "gpu", PROPERTIES)], ids=["none", "a GPU"]
)
def test_the_tier_is_that_of_the_machine(
    out: Path, monkeypatch: pytest.MonkeyPatch, gpu: str | None, tier: str, properties: GpuProperties | None
) -> None:
    """Its properties are asked for where it has one: that takes seconds."""
    monkeypatch.setattr(session, "this_machine", lambda: replace(OTHER.machine, gpu=gpu))
    monkeypatch.setattr(session, "gpu_properties", lambda: PROPERTIES)
    held = measure(out, "short")[0]
    assert (held.tier, held.gpu_properties) == (tier, properties)
    assert load(out) == held


def test_the_memory_is_what_a_process_may_have(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "limited", lambda machine: replace(machine, ram=123))
    assert measure(out, "short")[0].machine.ram == 123


@pytest.mark.parametrize(
    ("cores", "sizes"), [(32, [8, 8, 8, 1]), (6, [6, 6, 6, 6, 1]), (0.5, [1] * 25)], ids=["many", "some", "a part"]
)
def test_as_many_are_imported_at_once_as_there_are_cores_and_not_more_than_eight(
    out: Path, monkeypatch: pytest.MonkeyPatch, cores: float, sizes: list[int]
) -> None:
    """Each keeps torch in memory until it is over."""
    at_once: list[int] = []

    def children(self: Pool, modules: Iterable[str], *_: object) -> AbstractContextManager[list[str]]:
        group = [*modules]
        at_once.append(len(group))
        return nullcontext(group)

    monkeypatch.setattr(Pool, "children", children)
    monkeypatch.setattr(session, "this_machine", lambda: replace(OTHER.machine, affinity=64, quota=cores))
    monkeypatch.setattr(session, "experiment_names", lambda: [f"n{number}" for number in range(25)])
    measure(out, "short")
    assert at_once == sizes


def test_what_fails_in_a_later_pass_has_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """That of the pass before, which ended well, is none of a whole measurement."""
    passes = [Pass(about(FRESH), "fork", FRESH.samples, surroundings=FRESH.surroundings[0], done=True)]

    def run_pass(child: object, heard: object) -> Pass:
        if not passes:
            raise ExperimentFailed("LookupError: no sprite")
        return passes.pop()

    claim = Claim("a", value("the total", "alone"), NOISY, "")
    monkeypatch.setattr(session, "claims", lambda name: (claim,))
    monkeypatch.setattr(session, "run_pass", run_pass)
    child: Any = None
    failed = measure_one("one", "full", OTHER.machine, child, Pool(), PlainLines(), Limit())
    assert (failed.status, failed.reason) == ("error", "LookupError: no sprite")
    assert (failed.question, failed.start_method) == (FRESH.question, "fork")
    assert (failed.samples, failed.traces, failed.passes, failed.surroundings) == ([], {}, 0, [])
    assert not passes


@pytest.mark.parametrize(("again", "dirty"), [(["two"], True), (NAMES, False)])
def test_a_commit_is_that_of_the_measuring_and_what_was_measured_with_changes_stays_so(
    out: Path, monkeypatch: pytest.MonkeyPatch, again: list[str], dirty: bool
) -> None:
    """What git says is made up."""
    monkeypatch.setattr(session, "_commit", lambda: ("0123456789ab", True))
    measure(out, "short")
    monkeypatch.setattr(session, "_commit", lambda: ("ba9876543210", False))
    held = load(out)
    assert (held.commit, held.dirty) == ("0123456789ab", True)
    assert measure(out, "short")[0] == held, "nothing was measured"
    held, _ = measure(out, "short", again)
    assert (held.commit, held.dirty) == ("ba9876543210", dirty)
    assert results.read(out).dirty is dirty


def test_before_anything_is_measured_that_is_said_and_the_next_run_measures_all(out: Path, asked: list[str]) -> None:
    assert session.leave_out(out) and session.leave_out(out)
    said = results.read(out).experiments
    assert [*said] == NAMES and {each.reason for each in said.values()} == {session.NOT_YET}
    assert asked == []
    measure(out, "short")
    assert sorted(asked) == NAMES
    assert not session.leave_out(out), "something is measured"
    assert results.read(out).experiments["one"].status == "measured"
