"""A measuring run: each stale experiment, pass by pass, and each result saved as soon as it is there."""

import math
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from snippets.lab.catalog import experiment_hash, experiment_names, measuring_module, runs_beside_others
from snippets.lab.instruments.experiment import about
from snippets.lab.judging.claims import claims
from snippets.lab.judging.judge import all_decided, looks_wrong
from snippets.lab.judging.rules import PASSES
from snippets.lab.machine.machine import Machine, this_machine, this_software
from snippets.lab.measuring.child import Child, ExperimentFailed, Listener, Pass, Pool, pool, run_pass
from snippets.lab.measuring.one_pass import Event
from snippets.lab.paths import LOCAL_RESULTS, ROOT
from snippets.lab.progress import Progress, progress
from snippets.lab.results import results
from snippets.lab.results.results import Form, Measured, Results

AT_ONCE = 8
"""Experiments that are imported at once, at most: each keeps torch in memory until it is over."""


class ForeignResults(RuntimeError):
    """The result file is another machine's; the message says so and what to do."""


def measure(
    out: Path, form: Form, only: list[str] | None = None, minutes: float = math.inf
) -> tuple[Results, list[str]]:
    """Measure what is missing or stale in `out`, or what `only` names, stale or not; give the results and the names of
    what was measured.

    Each experiment is saved when it ends, so an interrupted run keeps what it had. After so many `minutes` no other is
    begun, and the next call goes on with those that are left. Raises ForeignResults, ResultError and OSError.
    """
    own = load(out)
    if out != LOCAL_RESULTS:
        _refuse_foreign(out, own)
    due = [name for name in only or experiment_names() if only or is_stale(own, name, form)]
    if not due:
        return own, []
    print(f"Measuring {len(due)} of {len(experiment_names())} experiments ({form} form).", flush=True)
    commit, dirty = _commit()
    own = replace(own, commit=commit, dirty=dirty or (own.dirty and bool({*own.experiments} - {*due})))
    measured_names: list[str] = []
    deadline = time.monotonic() + 60 * minutes

    def time_is_up() -> bool:
        return minutes <= 0 or (bool(measured_names) and time.monotonic() >= deadline)

    try:
        with progress() as bars, pool() as processes:
            for group in _groups(due, min(max(1, int(own.machine.cores_usable)), AT_ONCE)):
                if time_is_up():
                    break
                beside = runs_beside_others(group[0])  # so do all of them, or none
                with processes.children(map(measuring_module, group), 0, form, beside) as started:
                    for name, child in zip(group, started, strict=True):
                        if time_is_up() and not beside:
                            break
                        own = own.with_experiment(name, _measure_one(name, form, own.machine, child, processes, bars))
                        results.write(own, out)
                        measured_names.append(name)
    except KeyboardInterrupt:
        names = ", ".join(measured_names) or "none"
        print(f"\nInterrupted. Measured and kept: {names}. Older results are untouched.", file=sys.stderr)
        raise
    if remaining := [name for name in due if name not in measured_names]:
        print(f"Left for the next call, as the time was up: {', '.join(remaining)}.")
    return own, measured_names


def _groups(names: list[str], size: int) -> Iterator[list[str]]:
    """First those that may be measured at once, then those that are only imported at once."""
    for beside in (True, False):
        alike = [name for name in names if runs_beside_others(name) == beside]
        for at in range(0, len(alike), size):
            yield alike[at : at + size]


def _refuse_foreign(out: Path, own: Results) -> None:
    if not out.exists():
        return
    other = results.read(out)
    if not results.same_machine(other, own):
        raise ForeignResults(
            f"{out} holds results of another machine or other versions ({other.machine.cpu}, torch "
            f"{other.software.torch}); name another file with --out, or move that one away"
        )


def is_stale(own: Results, name: str, form: Form) -> bool:
    """Missing, failed, measured with other code, in a shorter form, or not long enough to contradict a claim that
    it seems to contradict.
    """
    measured = own.experiments.get(name)
    if measured is None or measured.status == "error" or measured.source_hash != experiment_hash(name):
        return True
    if measured.status != "measured":
        return False
    shorter = form == "full" and measured.form == "short"
    return shorter or (not measured.confirmation and looks_wrong(claims(name), measured, own.machine))


def load(path: Path) -> Results:
    """The results at `path` if they are of this very machine and these versions, else empty ones.

    A file of a foreign machine is left where it is and replaced only by a finished measurement. Experiments
    that no longer exist are left out. Raises ResultError for a file that cannot be read.
    """
    machine, software = this_machine(), this_software()
    commit, dirty = _commit()
    tier = "gpu" if machine.gpu else "cpu"
    empty = Results(results.SCHEMA, tier, machine, software, commit, dirty, "", {})
    if not path.exists():
        return empty
    try:
        stored = results.read(path)
    except results.OtherSchema:
        if path == LOCAL_RESULTS:  # this build's own, of an older version of the project
            return empty
        raise
    if not results.same_machine(stored, empty):
        return empty
    experiments = {name: m for name, m in stored.experiments.items() if name in experiment_names()}
    return Results(
        results.SCHEMA, tier, machine, software, stored.commit, stored.dirty, stored.measured_at, experiments
    )


def _measure_one(name: str, form: Form, machine: Machine, first: Child, processes: Pool, bars: Progress) -> Measured:
    """All passes that it takes: one in the short form, in the full form as many as decide every claim. Where a
    claim looks contradicted, all three and a fresh one to confirm, in either form. `first`: the process of the first
    pass, ready to measure.
    """
    began = time.monotonic()
    measured = Measured(source_hash=experiment_hash(name), form=form)
    try:
        for number in range(PASSES + 1):
            further = processes.children([measuring_module(name)], number, form)
            with nullcontext([first]) if number == 0 else further as (child,):
                outcome = run_pass(child, _listener(name, number, bars))
            measured = _with_pass(measured, outcome, number)
            if measured.status == "unavailable" or _enough(name, measured, form, machine):
                break
    except ExperimentFailed as error:
        failure = Measured(source_hash=measured.source_hash, form=form, status="error", reason=str(error))
        cost = round(time.monotonic() - began, 2)
        measured = replace(failure, **vars(about(measured)), start_method=measured.start_method, cost_s=cost)
    outcomes = {"measured": f"{measured.cost_s:.1f} s", "unavailable": f"not measured here: {measured.reason}"}
    bars.finish(name, outcomes.get(measured.status, f"failed: {measured.reason}"))
    return replace(measured, measured_at=datetime.now(UTC).isoformat(timespec="seconds"))


def _with_pass(measured: Measured, outcome: Pass, number: int) -> Measured:
    """The result with one more pass; the fourth is the confirmation."""
    if outcome.about:
        measured = replace(measured, **vars(outcome.about), start_method=outcome.start_method)
    if outcome.unavailable:
        return replace(measured, status="unavailable", reason=outcome.unavailable)
    assert outcome.surroundings
    surroundings = [*measured.surroundings, outcome.surroundings]
    measured = replace(measured, cost_s=round(measured.cost_s + outcome.seconds, 2))
    if number == PASSES:
        return replace(measured, confirmation=outcome.samples, surroundings=surroundings)
    return replace(
        measured,
        passes=number + 1,
        samples=[*measured.samples, *outcome.samples],
        traces=measured.traces or outcome.traces,
        surroundings=surroundings,
    )


def _enough(name: str, measured: Measured, form: Form, machine: Machine) -> bool:
    """Whether no further pass is needed."""
    if looks_wrong(claims(name), measured, machine):
        return bool(measured.confirmation)
    return form == "short" or measured.passes == PASSES or all_decided(claims(name), measured, machine)


def _listener(name: str, number: int, bars: Progress) -> Listener:
    """Shows the progress of one pass."""
    which = "confirming pass, " if number == PASSES else f"pass {number + 1}, " if number else ""

    def listen(event: Event, outcome: Pass) -> None:
        match event["event"]:
            case "arms":
                bars.begin(name, event["runs"])
            case "warm":
                bars.step(name, f"{which}warming up")
            case "sample":
                assert outcome.about
                bars.step(name, f"{which}round {event['round'] + 1} of {outcome.about.rounds}")

    return listen


def _commit() -> tuple[str, bool]:
    """Commit, and whether the tree differs from it; ("", False) outside a git checkout."""
    try:
        options = {"capture_output": True, "text": True, "cwd": ROOT, "check": True}
        commit = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], **options).stdout.strip()
        return commit, bool(subprocess.run(["git", "status", "--porcelain"], **options).stdout.strip())
    except (OSError, subprocess.CalledProcessError):
        return "", False
