"""Doctors beside ours: how each is put around a loop, what its words amount to, what is shown.

What it does not prove: that a peer says so. Where it is installed, each full build measures it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from snippets.experiments.doctor import arms as doctor
from snippets.experiments.doctor.loops import LOOPS as MADE
from snippets.experiments.doctor.loops import Items, Loop, loader, wait
from snippets.experiments.other_doctors import (
    measure,
    short,
    show,
    under_datapath_doctor,
    under_traceml,
    watchers,
)
from snippets.experiments.other_doctors.arms import (
    DATAPATH,
    FAULTS,
    HIGH_CPU,
    LOOPS,
    MEANINGS,
    NO_ANSWER,
    OURS,
    PEERS,
    RULES,
    TRACEML,
    VERDICTS,
    blamed,
    watched_by,
)
from snippets.experiments.other_doctors.claims import CLAIMS
from snippets.lab.figures.figure import Bars
from snippets.lab.judging.claim import NotHere
from snippets.lab.results.contributed import unfit
from snippets.lab.results.results import Measured

from .results import plain, plain_values, result, statistics

linux = pytest.mark.skipif(sys.platform != "linux", reason="cores are set aside, and processes end as groups")
IDS = [f"DPD-{number:03}" for number in range(1, 11)]


# What their words amount to.


def test_all_loops_are_there_but_that_whose_quota_is_made_up() -> None:
    assert {*doctor.RIGHT, *doctor.HEALTHY} - {*LOOPS} == {doctor.USED_UP_QUOTA}
    assert {*FAULTS} < {*doctor.RIGHT} and {*MADE} > {*LOOPS}


def test_each_verdict_amounts_to_some_of_ours_or_to_none_and_says_why() -> None:
    assert {*MEANINGS} == {*PEERS.values()}
    for who, meanings in MEANINGS.items():
        assert VERDICTS[who] == (*meanings,) and VERDICTS[who][0] == NO_ANSWER
        for verdict, meaning in meanings.items():
            assert {*meaning.names} < {*doctor.VERDICTS} - {"FED", *doctor.CANNOT_TELL}, verdict
            assert meaning.because.rstrip("”").endswith("."), verdict
    assert VERDICTS[OURS] == (NO_ANSWER, *doctor.VERDICTS)


def test_whatever_rules_find_something_there_is_a_verdict() -> None:
    assert [NO_ANSWER, *RULES] == [*VERDICTS[DATAPATH]]
    assert {rule for rules in RULES.values() for each in rules for rule in each} < {*IDS}
    for size in range(4):
        for found in combinations(IDS, size):
            assert any(each <= {*found} for rules in RULES.values() for each in rules)


@pytest.mark.parametrize(
    ("verdict", "blames"), [("FED", ()), ("TOO NOISY", ()), (NO_ANSWER, ()), ("RECEIVE", ("RECEIVE",))]
)
def test_ours_blames_what_it_names(verdict: str, blames: tuple[str, ...]) -> None:
    assert blamed(OURS, verdict) == blames


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        ([], "HEALTHY"),
        (["DPD-001"], "STARVED"),
        (["DPD-004", "DPD-001"], "STARVED, UNDERRUN"),
        (["DPD-004"], "UNDERRUN"),
        (["DPD-001", "DPD-010", "DPD-004"], "WORKER RESTARTS"),
        (["DPD-001", "DPD-005", "DPD-004"], "CPU-BOUND PREPROCESSING"),
        (["DPD-001", "DPD-002"], "STORAGE"),
        (["DPD-003"], "BUSY STORAGE"),
        (["DPD-009"], "HEALTHY"),
    ],
)
def test_what_datapath_doctor_finds_is_read_in_its_own_order(
    found: list[str], verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def beside(loop: str, *command: str) -> str:
        assert (loop, command) == (doctor.FED, ("-m", under_datapath_doctor.__name__, doctor.FED))
        return json.dumps(found)

    monkeypatch.setattr(watchers, "beside", beside)
    assert watchers.by_datapath_doctor(doctor.FED) == verdict


@pytest.mark.parametrize(
    ("status", "of_the_system", "verdict"),
    [
        ("INPUT-BOUND", [], "INPUT-BOUND"),
        ("INPUT-BOUND", ["HIGH_HOST_MEMORY", "HIGH_CPU"], HIGH_CPU),
        ("COMPUTE-BOUND", ["HIGH_CPU"], "COMPUTE-BOUND"),
    ],
)
def test_traceml_writes_its_verdict_to_a_folder(
    status: str, of_the_system: list[str], verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def beside(loop: str, *command: str) -> str:
        assert command[:4] == ("-m", "traceml_ai.launcher.cli", "run", under_traceml.__file__)
        assert command[-2:] == ("--args", loop) == ("--args", doctor.FED)
        folder = Path(command[command.index("--logs-dir") + 1], command[command.index("--run-name") + 1])
        folder.mkdir()
        told = {
            "primary_diagnosis": {"status": status},
            "system": {"issues": [{"kind": kind} for kind in of_the_system]},
        }
        (folder / "final_summary.json").write_text(json.dumps(told))
        return ""

    monkeypatch.setattr(watchers, "beside", beside)
    assert watchers.by_traceml(doctor.FED) == verdict


# How each is put around a loop.


def small(steps: list[Any], epochs: int = 2) -> Loop:
    return Loop(lambda: loader(Items(3, partial(wait, 0)), 0), steps.append, epochs)


def test_traceml_is_begun_first_and_times_each_step(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[Any] = []
    seen: list[str] = []

    def trace_step(model: Any) -> Any:
        seen.append(f"{type(model).__name__} after {len(steps)}")
        return nullcontext()

    def make() -> Any:
        seen.append("loader")
        return small(steps).make()

    traceml = SimpleNamespace(init=lambda mode: seen.append(mode), trace_step=trace_step)
    monkeypatch.setitem(sys.modules, "traceml_ai", traceml)
    monkeypatch.setattr(under_traceml, "start_cheaply", lambda module: None)
    monkeypatch.setitem(MADE, doctor.FED, Loop(make, steps.append, 2))
    under_traceml.main(doctor.FED)
    assert seen == ["auto", "loader", *(f"Model after {step}" for step in range(6))] and len(steps) == 6


def test_datapath_doctor_is_told_the_queue_the_disk_and_the_pressure(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[Any] = []
    samples: list[Any] = []

    class Profiler:
        def __init__(self, loader: Any, num_workers: int, prefetch_factor: int | None) -> None:
            assert (num_workers, prefetch_factor) == (0, None)
            self.loader, self.samples = loader, samples

        def __iter__(self) -> Any:
            self._iter = iter(self.loader)
            return self._iter

        def record_compute_done(self, queue_depth: int | None) -> Any:
            samples.append(SimpleNamespace(queue_depth=queue_depth, steps=len(steps)))
            return samples[-1]

    def run(given: Any) -> list[Any]:
        assert given is samples
        return [SimpleNamespace(rule_id="DPD-004")]

    collectors = {
        "list_block_devices": lambda: ["first", "second"],
        "DiskIOCollector": lambda disk: SimpleNamespace(sample=lambda: {"disk_name": disk}),
        "PSICollector": lambda: SimpleNamespace(sample=lambda: None),
    }
    engine = SimpleNamespace(with_default_rules=lambda: SimpleNamespace(run=run))
    for name, module in {
        "datapath_doctor.collectors.dataloader_profiler": SimpleNamespace(DataLoaderProfiler=Profiler),
        "datapath_doctor.collectors.proc_stats": SimpleNamespace(**collectors),
        "datapath_doctor.engine": SimpleNamespace(RuleEngine=engine),
    }.items():
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setitem(MADE, doctor.FED, small(steps))
    assert under_datapath_doctor.rules_of(doctor.FED) == ["DPD-004"]
    assert [sample.steps for sample in samples] == [1, 2, 3, 4, 5, 6], "a step ends before it is recorded"
    assert {(sample.queue_depth, sample.disk_name) for sample in samples} == {(None, "first")}


def test_the_length_of_the_queue_is_that_of_torch_s_own() -> None:
    assert under_datapath_doctor.ready(SimpleNamespace(_worker_result_queue=SimpleNamespace(qsize=lambda: 3))) == 3
    batches: Any = iter(loader(Items(3, partial(wait, 0)), 1))
    assert callable(batches._worker_result_queue.qsize), "torch calls it otherwise now"
    batches._shutdown_workers()


@linux
def test_what_belongs_beside_a_loop_runs_meanwhile_and_its_process_finds_this_project(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs: list[str] = []

    class Beside:
        def __enter__(self) -> Path:
            runs.append("began")
            return Path("/")

        def __exit__(self, *_: object) -> None:
            runs.append("ended")

    monkeypatch.setitem(MADE, doctor.FED, Loop(small([]).make, print, beside=Beside))
    code = "import importlib.util; print(importlib.util.find_spec('snippets.tools') is not None)"
    monkeypatch.setenv("PYTHONPATH", "")
    assert watchers.beside(doctor.FED, "-c", code).strip() == "True" and runs == ["began", "ended"]
    with pytest.raises(subprocess.CalledProcessError):
        watchers.beside(doctor.FED, "-c", "raise SystemExit(3)")
    monkeypatch.setattr(watchers, "LIMIT", 0.2)
    with pytest.raises(subprocess.TimeoutExpired):
        watchers.beside(doctor.FED, "-c", "import time; time.sleep(600)")


@linux
def test_what_does_not_end_when_told_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(watchers, "LIMIT", 2)
    monkeypatch.setattr(watchers, "GRACE", 0.1)
    deaf = f"""
import os, pathlib, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path({str(tmp_path)!r}, "pid").write_text(str(os.getpid()))
time.sleep(600)
"""
    with pytest.raises(subprocess.TimeoutExpired):
        watchers.beside(doctor.FED, "-c", deaf)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


@linux
@pytest.mark.parametrize(
    ("watch", "verdict"),
    [(lambda loop: "INPUT-BOUND", "INPUT-BOUND"), (lambda loop: 1 / 0, NO_ANSWER)],  # pyrefly: ignore[division-by-zero]
)
def test_who_fails_has_given_no_answer(watch: Callable[[str], str], verdict: str) -> None:
    values = measure.diagnosed(TRACEML, watch, doctor.FED).values
    assert VERDICTS[TRACEML][int(values["verdict"])] == verdict and values["total"] >= 0


def test_each_watches_each_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    for who in ("the_doctor", "traceml", "datapath_doctor"):
        monkeypatch.setattr(watchers, f"by_{who}", lambda loop, who=who: f"{who}: {loop}")
    watches = {arm: run.args for arm, run in measure.named().items()}  # pyrefly: ignore[missing-attribute]
    assert {*watches} == {watched_by(who, loop) for who in (OURS, *PEERS.values()) for loop in LOOPS}
    who, watch, loop = watches[watched_by(DATAPATH, doctor.IN_STEP)]
    assert (who, watch(loop)) == (DATAPATH, f"datapath_doctor: {doctor.IN_STEP}")


def test_without_both_peers_and_in_the_short_form_nothing_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure.doctor, "unavailable", lambda: None)
    monkeypatch.setattr(measure, "find_spec", lambda module: module == "traceml_ai")
    reason = measure.unavailable() or ""
    assert reason == f"{TRACEML} and {DATAPATH} are not both installed; make others installs them"
    monkeypatch.setattr(measure, "find_spec", lambda module: True)
    assert measure.unavailable() is None
    in_short = short.EXPERIMENT.unavailable() or ""
    assert "only a full build" in in_short and not unfit(reason) and not unfit(in_short)


@linux
@pytest.mark.parametrize(
    ("module", "watch"),
    [("traceml_ai", watchers.by_traceml), ("datapath_doctor", watchers.by_datapath_doctor)],
)
def test_a_peer_that_is_installed_sees_that_a_loop_is_starved(module: str, watch: Callable[[str], str]) -> None:
    if not find_spec(module):
        pytest.skip(f"{module} is not installed (make others)")
    assert "STARVED" in blamed(PEERS[module], watch(doctor.ONE_WORKER_WAITS))


# What is shown.


def made_up(ours: dict[str, str] | None = None, rounds: int = 3) -> Measured:
    """Ours is right but for these, TraceML always says the same, and datapath-doctor finds nothing."""
    right = {loop: doctor.RIGHT.get(loop, ("FED",))[0] for loop in LOOPS} | (ours or {})
    said = {OURS: right, TRACEML: dict.fromkeys(LOOPS, HIGH_CPU), DATAPATH: dict.fromkeys(LOOPS, "HEALTHY")}
    arms = {
        watched_by(who, loop): {"total": 2.0, "verdict": VERDICTS[who].index(verdict)}
        for who, verdicts in said.items()
        for loop, verdict in verdicts.items()
    }
    return result("total", arms, rounds, cores=2, limit=120)


def test_values_count_causes_suspicions_and_alarms() -> None:
    wrong = {doctor.IN_STEP: "STARVED", doctor.SLOW_ITEM: "TOO NOISY", doctor.JITTER: "NEIGHBOUR"}
    assert plain_values(show.values(made_up(wrong))) == {
        "faults": "13",
        "healthy": "7",
        "ours_named": "11",
        "ours_suspected": "12",
        "ours_alarms": "1",
        "traceml_named": "5",
        "traceml_suspected": "13",
        "traceml_alarms": "7",
        "datapath_named": "0",
        "datapath_suspected": "0",
        "datapath_alarms": "0",
    }


def test_causes_are_counted_where_ours_could_tell() -> None:
    (claim,) = CLAIMS
    assert statistics("other-doctors", made_up()) == {claim.id: pytest.approx(13 / 5)}
    silent: dict[str, str] = dict.fromkeys((doctor.SLOW_ITEM, doctor.NEIGHBOURS), "TOO NOISY")
    assert statistics("other-doctors", made_up(silent)) == {claim.id: pytest.approx(11 / 4)}
    assert statistics("other-doctors", made_up(dict.fromkeys(FAULTS, "STARVED"))) == {claim.id: pytest.approx(3 / 5)}
    with pytest.raises(NotHere, match="could tell of only 6 of 13 loops"):
        claim.statistic.of(made_up(dict.fromkeys(FAULTS[:7], "TOO NOISY")))


def test_high_cpu_is_taken_for_neighbours_and_for_starved_loops() -> None:
    named = [loop for loop in LOOPS if show.named(TRACEML, loop, HIGH_CPU)]
    starved = [doctor.ONE_WORKER_WAITS, doctor.ONE_WORKER_COMPUTES, doctor.IN_STEP, doctor.UNEVEN_READS]
    assert named == [*starved, doctor.NEIGHBOURS]


def test_figure() -> None:
    figure = show.figure(made_up({doctor.SLOW_ITEM: "TOO NOISY", doctor.JITTER: "NEIGHBOUR"}))
    message = plain(figure.message)
    assert f"the cause of so many: {OURS} 12, {TRACEML} 5, {DATAPATH} 0." in message
    assert f"it blamed the input of so many: {OURS} 1, {TRACEML} 7, {DATAPATH} 0." in message
    assert isinstance(figure.chart, Bars)
    causes, _, alarms = ({bar.label: bar.value.median for bar in group.bars} for group in figure.chart.groups)
    assert causes == {OURS: 12, TRACEML: 5, DATAPATH: 0} and alarms == {OURS: 1, TRACEML: 7, DATAPATH: 0}
    rows = {row[0]: row[1:] for row in figure.table.rows}
    assert rows[doctor.IN_STEP] == ("BURSTS", "BURSTS: the cause", f"{HIGH_CPU}: the cause", "HEALTHY: missed")
    assert rows[doctor.SLOW_ITEM][1:3] == ("TOO NOISY: missed", f"{HIGH_CPU}: the input")
    assert rows[doctor.JITTER] == ("FED", "NEIGHBOUR: an alarm", f"{HIGH_CPU}: an alarm", "HEALTHY: no alarm")
    assert len({len(each) for each in (figure.table.header, *figure.table.rows)}) == 1


def test_rounds_that_differ_are_counted() -> None:
    whole, other = made_up(), made_up({doctor.FED: "TOO NOISY"})
    differing = [*(one for one in whole.samples if one.round < 2), *(one for one in other.samples if one.round == 2)]
    rows = {row[0]: row for row in show.figure(replace(whole, samples=differing)).table.rows}
    assert rows[doctor.FED][2] == "2 × FED: no alarm, 1 × TOO NOISY: no alarm"
