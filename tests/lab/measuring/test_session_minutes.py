"""A measuring run that has so many minutes: what is begun, what is cut short, what is kept and left for the next call.

The clock is moved by what is measured, which takes no time here.

What it does not prove: that a system stops a process at once.
"""

import subprocess
import sys
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from snippets.lab.instruments.experiment import about
from snippets.lab.judging.claim import Claim, at_most, value
from snippets.lab.measuring import limit, session
from snippets.lab.measuring.child import Pass, Pool, TimeIsUp
from snippets.lab.measuring.limit import Limit
from snippets.lab.measuring.session import _measure_one as measure_one
from snippets.lab.measuring.session import load, measure
from snippets.lab.progress import PlainLines
from snippets.lab.results import results
from snippets.lab.results.results import Form, Measured
from tests.lab.house import FINE, House
from tests.lab.made import PROPERTIES, measured
from tests.lab.made import results as made

NAMES = ["alone", "beside-a", "beside-b", "gpu-copies", "gpu-step", "two"]
FRESH = measured(source_hash="now", again=None, cost_s=100.0)


@dataclass
class Clock:
    now: float = 0.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(limit, "time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


def of(minutes: float) -> Limit:
    return Limit(minutes, began=0.0)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> list[str]:
    """What was begun. Each experiment takes 100 seconds."""
    begun: list[str] = []

    def take(name: str, form: Form, *_: object) -> Measured:
        begun.append(name)
        clock.now += 100
        return replace(FRESH, form=form)

    machine = replace(made().machine, cores=8, affinity=8, quota=None)
    monkeypatch.setattr(session, "this_machine", lambda: machine)
    monkeypatch.setattr(session, "experiment_names", lambda: NAMES)
    monkeypatch.setattr(session, "experiment_hash", lambda name, form: "now")
    monkeypatch.setattr(session, "claims", lambda name: ())
    monkeypatch.setattr(session, "needs_gpu", lambda name: name.startswith("gpu"))
    monkeypatch.setattr(session, "runs_beside_others", lambda name: name.startswith("beside"))
    monkeypatch.setattr(Pool, "children", lambda self, modules, *_: nullcontext([*modules]))
    monkeypatch.setattr(session, "_measure_one", take)
    return begun


CONTRADICTED = Claim("a", value("the total", "alone"), at_most(5.0), "")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "results.json"


BESIDE_FIRST = ["beside-a", "beside-b", "alone", "gpu-copies", "gpu-step", "two"]
GPU_FIRST = ["gpu-copies", "gpu-step", "beside-a", "beside-b", "alone", "two"]


@pytest.mark.parametrize(("gpu", "order"), [(None, BESIDE_FIRST), ("NVIDIA H100", GPU_FIRST)])
def test_what_only_a_gpu_can_tell_comes_first_where_there_is_one(
    out: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch, gpu: str | None, order: list[str]
) -> None:
    machine = replace(made().machine, gpu=gpu)
    monkeypatch.setattr(session, "this_machine", lambda: machine)
    monkeypatch.setattr(session, "gpu_properties", lambda: PROPERTIES)
    measure(out, "full")
    assert asked == order


def test_what_is_named_is_measured_as_far_as_it_is_stale_so_that_a_second_call_goes_on(
    out: Path, asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """In the form that is asked for. Where no time is set, all that is named is measured anew."""
    named = ["two", "alone"]
    measure(out, "full", named, of(1))
    assert asked == ["two"] and "as the time was up: alone.\n" in capsys.readouterr().out
    measure(out, "full", named, Limit(1, began=100.0))
    assert asked == named and "Left" not in capsys.readouterr().out
    assert measure(out, "full", named, Limit(1, began=200.0))[1] == []
    assert measure(out, "full", named)[1] == named


def test_what_is_known_not_to_fit_is_not_begun(
    out: Path, asked: list[str], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By what a pass took before. Others may fit."""
    long = replace(FRESH, source_hash="before", cost_s=1000.0)
    held = made(**{"gpu-copies": long, "two": replace(long, cost_s=100.0)})
    monkeypatch.setattr(session, "this_machine", lambda: held.machine)
    results.write(held, out)
    measure(out, "short", ["alone", "gpu-copies", "two"], of(5))
    assert asked == ["alone", "two"]
    asked.clear()
    measure(out, "short", ["gpu-copies"], Limit(5, began=clock.now))
    assert asked == ["gpu-copies"], "the first one is begun: else it would never be measured"


def test_whoever_is_stopped_is_left_and_no_error(
    out: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of those that are measured at once the others may have ended by then; of the rest none is begun any more."""

    def take(name: str, form: Form, *_: object) -> Measured:
        asked.append(name)
        if name == "beside-a":
            raise TimeIsUp
        return replace(FRESH, form=form)

    monkeypatch.setattr(session, "_measure_one", take)
    held, taken = measure(out, "short", limit=Limit(0.001, began=-1.0))
    assert asked == ["beside-a", "beside-b"] and taken == ["beside-b"]
    assert {name: one.status for name, one in held.experiments.items()} == {
        "beside-a": "unavailable",
        "beside-b": "measured",
    }
    assert results.read(out) == held
    assert "Left for the next call, as the time was up: alone, beside-a, gpu-" in capsys.readouterr().out


@pytest.mark.parametrize("kept", [0, 1, 2], ids=["no pass", "one pass", "a failure"])
def test_what_fits_into_no_call_lets_all_others_be_measured(
    out: Path, asked: list[str], clock: Clock, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    """It takes all the time of each call that begins with it, and leaves that many passes, or fails."""

    def take(name: str, form: Form, *_: object) -> Measured:
        asked.append(name)
        at = f"2026-01-02T03:04:{len(asked):02}+00:00"
        clock.now += 50
        if name not in ("beside-a", "alone"):
            return replace(FRESH, form=form, measured_at=at)
        clock.now += 300
        if kept == 0:
            raise TimeIsUp
        failed = replace(FRESH, status="error", samples=[], traces={}, passes=0, surroundings=[])
        return replace(failed if kept == 2 else FRESH, form="short", measured_at=at)

    monkeypatch.setattr(session, "_measure_one", take)
    monkeypatch.setattr(session, "_now", lambda: f"2026-01-02T03:04:{len(asked):02}+00:00")
    for _ in range(6):
        measure(out, "full", limit=Limit(1.5, began=clock.now))
    rest = ["gpu-copies", "gpu-step", "two"]
    assert asked == ["beside-a", "beside-b", "alone", *rest, "beside-a", "alone", "beside-a"], "the two take turns"
    assert [name for name in NAMES if session.is_stale(load(out), name, "full")] == ["alone", "beside-a"]


@pytest.mark.parametrize("form", ["short", "full"])
def test_what_was_not_confirmed_is_left(
    out: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], form: Form
) -> None:
    """Its first pass seems to contradict a claim, and there is no time for another one."""
    monkeypatch.setattr(session, "claims", lambda name: (CONTRADICTED,))
    monkeypatch.setattr(session, "_measure_one", lambda *_: replace(FRESH, form="short"))
    assert measure(out, form, ["alone"], of(1))[1] == ["alone"]
    assert capsys.readouterr().out.endswith("Left for the next call, as the time was up: alone.\n")


def test_nothing_is_stamped_where_nothing_is_measured(
    out: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--minutes 0` shares what is there, as it was measured; what git says is made up."""
    monkeypatch.setattr(session, "_commit", lambda: ("0123456789ab", True))
    before, _ = measure(out, "short", ["two", "alone"])
    monkeypatch.setattr(session, "_commit", lambda: ("ba9876543210", False))
    asked.clear()
    capsys.readouterr()
    assert measure(out, "full", limit=of(0)) == (before, []) and asked == []
    assert (before.commit, before.dirty) == ("0123456789ab", True)
    assert capsys.readouterr().out == f"Left for the next call, as the time was up: {', '.join(NAMES)}.\n"
    held, _ = measure(out, "full", ["two", "alone"], Limit(1, began=200.0))
    assert (held.commit, held.dirty) == ("ba9876543210", True), "alone is still of the code that had changes"
    held, _ = measure(out, "full", ["two", "alone"])
    assert (held.commit, held.dirty) == ("ba9876543210", False)


UNDECIDED = Claim("a", value("the total", "alone"), at_most(6.3), "")
"""Three passes do not decide it."""


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> list[Pass | type[TimeIsUp]]:
    """What each further pass gives, after 100 seconds."""
    given: list[Any] = []

    def run_pass(child: object, heard: object) -> Pass:
        clock.now += 100
        outcome = given.pop(0)
        if outcome is TimeIsUp:
            raise TimeIsUp
        return outcome

    monkeypatch.setattr(session, "claims", lambda name: (UNDECIDED,))
    monkeypatch.setattr(session, "experiment_hash", lambda name, form: "now")
    monkeypatch.setattr(session, "run_pass", run_pass)
    monkeypatch.setattr(Pool, "children", lambda self, modules, *_: nullcontext([*modules]))
    return given


ENDED = [
    Pass(
        about(FRESH),
        "fork",
        [replace(sample, pass_=number) for sample in FRESH.samples],
        surroundings=FRESH.surroundings[0],
        seconds=100.0,
        done=True,
    )
    for number in range(3)
]
REFUSED = Pass(about(FRESH), "fork", FRESH.samples[:1], unavailable="the GPU has too little free memory")


def taken(minutes: float) -> Measured:
    child: Any = None
    return measure_one("one", "full", made().machine, child, Pool(), PlainLines(), of(minutes))


@pytest.mark.parametrize(("minutes", "number", "form"), [(5, 2, "short"), (6, 3, "full"), (0.1, 1, "short")])
def test_no_further_pass_is_begun_that_would_not_fit(passes: list[Any], minutes: float, number: int, form: str) -> None:
    """What was measured until then is kept, and measured anew when there is time for the full form."""
    passes += ENDED
    one = taken(minutes)
    assert (one.status, one.passes, one.form) == ("measured", number, form)
    assert len(passes) == 3 - number
    assert session.is_stale(made(one=one), "one", "full") == (form == "short")
    assert not session.is_stale(made(one=one), "one", "short")


def test_a_pass_that_is_stopped_leaves_those_before_it(passes: list[Any]) -> None:
    passes += [ENDED[0], TimeIsUp]
    one = taken(60)
    assert (one.status, one.passes, one.form, one.samples) == ("measured", 1, "short", FRESH.samples)
    passes += [TimeIsUp]
    with pytest.raises(TimeIsUp):
        taken(60)


def test_a_gpu_that_is_taken_away_between_two_passes_leaves_no_number(passes: list[Any]) -> None:
    """A result that was not measured has none: else no file with it could be read."""
    passes += [ENDED[0], REFUSED]
    one = taken(60)
    assert (one.status, one.reason) == ("unavailable", REFUSED.unavailable)
    assert (one.samples, one.traces, one.passes, one.surroundings) == ([], {}, 0, [])
    assert (one.question, one.start_method, one.source_hash) == (FRESH.question, "fork", "now")


STUCK = """
def arm():
    Path("began").touch()
    time.sleep(600)

OPTIONS["deadline"] = 6000.0
"""

GRACE = "GRACE_SECONDS = 60.0"

STOP = """
import time
from pathlib import Path
from snippets.lab.measuring.child import TimeIsUp, pool, run_pass

with pool() as processes, processes.children(["snippets.experiments.stuck.measure"], 0, "short") as (child,):
    child.go()
    while not Path("began").exists():
        time.sleep(0.02)
    child.cut = time.monotonic()
    try:
        run_pass(child, print)
    except TimeIsUp:
        print("stopped")
"""


def test_a_pass_that_runs_when_the_grace_is_over_is_stopped(tmp_path: Path) -> None:
    house = House(tmp_path, stuck=STUCK)
    ended = subprocess.run([sys.executable, "-c", STOP], cwd=house.root, capture_output=True, text=True, timeout=240)
    assert ended.stdout.endswith("stopped\n"), ended.stderr
    assert house.alive() == []


def test_a_process_that_has_not_begun_when_the_grace_is_over_is_stopped(tmp_path: Path) -> None:
    house = House(tmp_path, stuck=f"time.sleep(600)\n{FINE}")
    house.edit("snippets/lab/measuring/limit.py", GRACE, "GRACE_SECONDS = 0.0")
    ended = house.measure("--minutes", "0.001")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "Left for the next call, as the time was up: stuck.\n" in ended.stdout and house.alive() == []


def test_a_command_whose_time_is_up_says_what_is_left_and_the_next_one_measures_it(tmp_path: Path) -> None:
    """Be it that no pass has ended: nothing of it counts as failed, and the next call begins with another one."""
    house = House(tmp_path, first=FINE, second=FINE)
    house.edit("snippets/lab/measuring/limit.py", GRACE, "GRACE_SECONDS = 0.0")
    ended = house.measure("--minutes", "0.001", "--only", "second", "first")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.endswith("Left for the next call, as the time was up: second, first.\n")
    (stopped,) = house.results().experiments.values()
    assert (stopped.status, stopped.reason) == ("unavailable", session.NO_TIME) and house.alive() == []
    house.edit("snippets/lab/measuring/limit.py", "GRACE_SECONDS = 0.0", GRACE)
    begun = house.measure("--minutes", "0.001", "--only", "second", "first")
    assert "Left for the next call, as the time was up: second.\n" in begun.stdout
    assert house.measure("--minutes", "5", "--only", "second", "first").stdout.startswith("Measuring 1 of 2 ")
    assert {one.status for one in house.results().experiments.values()} == {"measured"}
    again = house.measure("--minutes", "5", "--only", "second", "first")
    assert again.stdout == f"Nothing to measure: {house.out} is up to date.\n"
