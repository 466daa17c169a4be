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
from typing import Any

from snippets.lab.catalog import experiment_hash, experiment_names, measuring_module
from snippets.lab.instruments.experiment import about
from snippets.lab.judging.claims import claims
from snippets.lab.judging.judge import all_decided, looks_wrong
from snippets.lab.judging.rules import PASSES
from snippets.lab.machine.machine import Machine, this_machine, this_software
from snippets.lab.measuring.child import Child, ExperimentFailed, Heard, Pass, children, run_pass
from snippets.lab.paths import LOCAL_RESULTS, ROOT
from snippets.lab.progress import Progress, progress
from snippets.lab.results import results
from snippets.lab.results.results import FormName, Measured, Results

AT_ONCE = 8
"""Experiments that are imported at once, at most: each keeps torch in memory until it is its turn."""


class ForeignResults(RuntimeError):
    """The result file is another machine's; the message says so and what to do."""


def measure(
    out: Path, form: FormName, only: list[str] | None = None, minutes: float = math.inf
) -> tuple[Results, list[str]]:
    """Measure what is missing or stale in `out`; give the results and the names of what was measured.

    Each experiment is saved when it ends, so an interrupted run keeps what it had. After so many `minutes` no other is
    begun, and the next call goes on with those that are left.
    """
    held = load(out)
    if out != LOCAL_RESULTS:
        _refuse_foreign(out, held)
    due = [name for name in only or experiment_names() if only or is_stale(held, name, form)]
    if not due:
        return held, []
    print(f"Measuring {len(due)} of {len(experiment_names())} experiments ({form} form).", flush=True)
    commit, dirty = _commit()
    held = replace(held, commit=commit, dirty=dirty or (held.dirty and bool({*held.experiments} - {*due})))
    taken: list[str] = []
    until = time.monotonic() + 60 * minutes

    def time_is_up() -> bool:
        return minutes <= 0 or (bool(taken) and time.monotonic() >= until)

    try:
        with progress() as bars:
            for group in _groups(due, min(max(1, int(held.machine.cores_usable)), AT_ONCE)):
                if time_is_up():
                    break
                with children(map(measuring_module, group), 0, form) as started:
                    for name, child in zip(group, started, strict=True):
                        if time_is_up():
                            break
                        held = held.with_experiment(name, _measure_one(name, form, held.machine, child, bars))
                        results.write(held, out)
                        taken.append(name)
    except KeyboardInterrupt:
        kept = ", ".join(taken) or "none"
        print(f"\nInterrupted. Measured and kept: {kept}. Older results are untouched.", file=sys.stderr)
        raise
    if left := [name for name in due if name not in taken]:
        print(f"Left for the next call, as the time was up: {', '.join(left)}.")
    return held, taken


def _groups(names: list[str], size: int) -> Iterator[list[str]]:
    for at in range(0, len(names), size):
        yield names[at : at + size]


def _refuse_foreign(out: Path, own: Results) -> None:
    if not out.exists():
        return
    found = results.read(out)
    if not results.same_machine(found, own):
        raise ForeignResults(
            f"{out} holds results of another machine or other versions ({found.machine.cpu}, torch "
            f"{found.software.torch}); name another file with --out, or move that one away"
        )


def is_stale(held: Results, name: str, form: FormName) -> bool:
    """Missing, failed, measured with other code, in a shorter form, or not long enough to contradict a claim that
    it seems to contradict.
    """
    measured = held.experiments.get(name)
    if measured is None or measured.status == "error" or measured.source_hash != experiment_hash(name):
        return True
    if measured.status != "measured":
        return False
    shorter = form == "full" and measured.form == "short"
    return shorter or (not measured.confirmation and looks_wrong(claims(name), measured, held.machine))


def load(path: Path) -> Results:
    """The results at `path` if they are of this very machine and these versions, else empty ones.

    A file of a foreign machine is left where it is and replaced only by a finished measurement. Experiments
    that no longer exist are left out.
    """
    machine, software = this_machine(), this_software()
    commit, dirty = _commit()
    tier = "gpu" if machine.gpu else "cpu"
    fresh = Results(results.SCHEMA, tier, machine, software, commit, dirty, "", {})
    if not path.exists():
        return fresh
    try:
        held = results.read(path)
    except results.OtherSchema:
        if path == LOCAL_RESULTS:  # this build's own, of an older version of the project
            return fresh
        raise
    if not results.same_machine(held, fresh):
        return fresh
    known = {name: m for name, m in held.experiments.items() if name in experiment_names()}
    return Results(results.SCHEMA, tier, machine, software, held.commit, held.dirty, held.measured_at, known)


def _measure_one(name: str, form: FormName, machine: Machine, first: Child, bars: Progress) -> Measured:
    """All passes that it takes: one in the short form, in the full form as many as decide every claim. Where a
    claim looks contradicted, all three and a fresh one to confirm, in either form. `first`: of the first pass.
    """
    began = time.monotonic()
    taken = Measured(source_hash=experiment_hash(name), form=form)
    try:
        for number in range(PASSES + 1):
            with nullcontext([first]) if number == 0 else children([measuring_module(name)], number, form) as (child,):
                found = run_pass(child, _teller(name, number, bars))
            taken = _with_pass(taken, found, number)
            if taken.status == "unavailable" or _enough(name, taken, form, machine):
                break
    except ExperimentFailed as error:
        without = Measured(source_hash=taken.source_hash, form=form, status="error", reason=str(error))
        taken = replace(without, **vars(about(taken)), start_method=taken.start_method)
    cost = time.monotonic() - began
    outcomes = {"measured": f"{cost:.1f} s", "unavailable": f"not measured here: {taken.reason}"}
    bars.finish(name, outcomes.get(taken.status, f"failed: {taken.reason}"))
    return replace(taken, cost_s=round(cost, 2), measured_at=datetime.now(UTC).isoformat(timespec="seconds"))


def _with_pass(taken: Measured, found: Pass, number: int) -> Measured:
    """The result with one more pass; the fourth is the confirmation."""
    if found.about:
        taken = replace(taken, **vars(found.about), start_method=found.start_method)
    if found.unavailable:
        return replace(taken, status="unavailable", reason=found.unavailable)
    assert found.surroundings
    around = [*taken.surroundings, found.surroundings]
    if number == PASSES:
        return replace(taken, confirmation=found.samples, surroundings=around)
    return replace(
        taken,
        passes=number + 1,
        samples=[*taken.samples, *found.samples],
        traces=taken.traces or found.traces,
        surroundings=around,
    )


def _enough(name: str, taken: Measured, form: FormName, machine: Machine) -> bool:
    if looks_wrong(claims(name), taken, machine):
        return bool(taken.confirmation)
    return form == "short" or taken.passes == PASSES or all_decided(claims(name), taken, machine)


def _teller(name: str, number: int, bars: Progress) -> Heard:
    """Tells the progress of one pass."""
    which = "confirming pass, " if number == PASSES else f"pass {number + 1}, " if number else ""

    def heard(event: dict[str, Any], found: Pass) -> None:
        match event["event"]:
            case "arms":
                bars.begin(name, event["runs"])
            case "warm":
                bars.step(name, f"{which}warming up")
            case "sample":
                assert found.about
                bars.step(name, f"{which}round {event['round'] + 1} of {found.about.rounds}")

    return heard


def _commit() -> tuple[str, bool]:
    """Commit and whether the tree differs from it; empty outside a git checkout."""
    try:
        asked = {"capture_output": True, "text": True, "cwd": ROOT, "check": True}
        commit = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], **asked).stdout.strip()
        return commit, bool(subprocess.run(["git", "status", "--porcelain"], **asked).stdout.strip())
    except (OSError, subprocess.CalledProcessError):
        return "", False
