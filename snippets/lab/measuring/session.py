"""A measuring run: each stale experiment, pass by pass, and each result saved as soon as it is there."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from snippets.lab.catalog import experiment_hash, experiment_names, measuring_module, runs_beside_others
from snippets.lab.instruments.experiment import about
from snippets.lab.judging.claims import claims, needs_gpu
from snippets.lab.judging.judge import all_decided, looks_wrong
from snippets.lab.judging.rules import PASSES
from snippets.lab.machine.gpu_properties import gpu_properties
from snippets.lab.machine.machine import Machine, this_machine, this_software
from snippets.lab.machine.memory import limited
from snippets.lab.measuring.child import Child, ExperimentFailed, Pass, Pool, TimeIsUp, pool, run_pass
from snippets.lab.measuring.last_words import REFUSALS
from snippets.lab.measuring.limit import Limit
from snippets.lab.measuring.listener import listener
from snippets.lab.paths import LOCAL_RESULTS, ROOT
from snippets.lab.progress import Progress, progress
from snippets.lab.results import results
from snippets.lab.results.results import Form, Measured, Results
from snippets.lab.store import ResultError

AT_ONCE = 8
"""Experiments that are imported at once, at most: each keeps torch in memory until it is over."""
UNLIMITED = Limit()
LEFT = "left, as the time was up"
NO_TIME = "no pass of it has ended in the time that a call had"
NOT_YET = "no build has measured it here yet"
PASSING = {*REFUSALS.values(), NO_TIME, NOT_YET}
"""Why something was not measured that the next call may measure."""
BEFORE = "results.before.json"
"""Beside this build's own results: those of another machine that lay there."""


class ForeignResults(ResultError):
    """The result file is another machine's; the message says so and what to do."""


def measure(
    out: Path, form: Form, only: list[str] | None = None, limit: Limit = UNLIMITED
) -> tuple[Results, list[str]]:
    """Measure what is missing or stale in `out`, or what `only` names; give the results and the names of what was
    measured. Where no limit is set, what is named is measured whether it is stale or not.

    Each experiment is saved when it ends, so an interrupted run keeps what it had. No pass is begun when the time is
    up, or would be before its end as far as earlier passes tell, but for one of the first experiment: each call gets
    on. What runs when the time is up may end within the grace, and is stopped then. The next call goes on with what is
    left. Raises ForeignResults, ResultError and OSError.
    """
    before = load(out)
    _tell_foreign(out, before)
    due = [name for name in only or experiment_names() if (only and not limit.is_set) or is_stale(before, name, form)]
    if not due:
        return before, []
    if not limit.nothing:
        print(f"Measuring {len(due)} of {len(experiment_names())} experiments ({form} form).", flush=True)
    commit, dirty = _commit()
    own, begun = before, 0
    names: list[str] = []

    def time_is_up(seconds: float = 0) -> bool:
        return limit.nothing or (begun > 0 and not limit.allows(seconds))

    try:
        with progress() as bars, pool(limit.cut) as processes:
            for group in _groups(due, own):
                if time_is_up():
                    break
                beside = runs_beside_others(group[0])  # so do all of them, or none
                with processes.children([measuring_module(name, form) for name in group], 0, form, beside) as started:
                    for name, child in zip(group, started, strict=True):
                        if not beside and time_is_up(_pass_seconds(before.experiments.get(name))):
                            continue
                        begun += 1
                        try:
                            measured = _measure_one(name, form, own.machine, child, processes, bars, limit)
                            names.append(name)
                        except TimeIsUp:
                            if _has_number(own.experiments.get(name)):
                                continue
                            measured = _stopped(name, form)
                        own = _stamped(own.with_experiment(name, measured), before, names, commit, dirty)
                        results.write(own, out)
    except KeyboardInterrupt:
        kept = ", ".join(names) or "none"
        print(f"\nInterrupted. Measured and kept: {kept}. Older results are untouched.", file=sys.stderr)
        raise
    if left := [name for name in due if name not in names or _is_cut_short(own, name, form)]:
        print(f"Left for the next call, as the time was up: {', '.join(left)}.", flush=True)
    return own, names


def leave_out(out: Path) -> bool:
    """Where nothing was measured yet, say so in `out` of each experiment; the next `measure` does it. Returns whether
    nothing was.
    """
    own = load(out)
    _tell_foreign(out, own)
    if any(measured.status != "unavailable" for measured in own.experiments.values()):
        return False
    if missing := [name for name in experiment_names() if name not in own.experiments]:
        for name in missing:
            own = own.with_experiment(name, _reasoned(name, "short", NOT_YET))
        results.write(own, out)
    return True


def _stamped(own: Results, before: Results, names: list[str], commit: str, dirty: bool) -> Results:
    """Of this commit. What was measured `before` with code that differed from its commit, and not anew, stays so."""
    return replace(own, commit=commit, dirty=dirty or (before.dirty and bool({*before.experiments} - {*names})))


def _pass_seconds(measured: Measured | None) -> float:
    """What one pass takes, as far as those tell that there were; 0 where there was none."""
    passes = measured.passes + bool(measured.confirmation) if measured else 0
    return measured.cost_s / passes if measured and passes else 0.0


def _has_number(measured: Measured | None) -> bool:
    return measured is not None and measured.status == "measured"


def _stopped(name: str, form: Form) -> Measured:
    """What stands for an experiment of which no pass has ended, so that the next call begins with another one."""
    return _reasoned(name, form, NO_TIME)


def _reasoned(name: str, form: Form, reason: str) -> Measured:
    """Nothing, and why."""
    nothing = Measured(source_hash=experiment_hash(name, form), form=form, status="unavailable", reason=reason)
    return replace(nothing, measured_at=_now())


def _is_cut_short(own: Results, name: str, form: Form) -> bool:
    """Whether it has a number, and passes are missing: of the full form, or those that confirm a contradiction."""
    return _has_number(own.experiments[name]) and is_stale(own, name, form)


def _groups(names: list[str], own: Results) -> Iterator[list[str]]:
    """First those that only a GPU can tell, where there is one; then those that may be measured at once, and then those
    that are only imported at once: as many as there are cores.

    What was tried already, with this code, comes after all that was not, and the last tried last: else what fits into
    no call would be the first in each, and nothing would come after it.
    """
    size = min(max(1, int(own.machine.cores_usable)), AT_ONCE)

    def turn(name: str) -> tuple[bool, bool]:
        return not (own.tier == "gpu" and needs_gpu(name)), not runs_beside_others(name)

    def tried(name: str) -> str:
        held = own.experiments.get(name)
        return held.measured_at if held and held.source_hash == experiment_hash(name, held.form) else ""

    for _, alike in groupby(sorted(names, key=lambda name: (tried(name), turn(name))), turn):
        group = [*alike]
        for at in range(0, len(group), size):
            yield group[at : at + size]


def _tell_foreign(out: Path, own: Results) -> None:
    """Where the file is of another machine or other versions, say what differs: it is this build's own, which is kept
    under another name and in which no result counts, or nothing is measured into it.
    """
    stored = _stored(out)
    differing = "; ".join(results.differences(stored, own)) if stored else ""
    if differing and out != LOCAL_RESULTS:
        raise ForeignResults(
            f"{out} holds results of another machine or other versions ({differing}); name another file with --out, "
            f"or move that one away"
        )
    if differing:
        shutil.copyfile(out, out.with_name(BEFORE))
        print(
            f"Set aside: {out} holds results of another machine or other versions ({differing}); they are kept in "
            f"{BEFORE}, beside it.",
            flush=True,
        )


def is_stale(own: Results, name: str, form: Form) -> bool:
    """Missing, failed, not measured for a reason that passes, measured with other code, in a shorter form, or not long
    enough to contradict a claim that it seems to contradict.
    """
    measured = own.experiments.get(name)
    if measured is None or measured.status == "error" or measured.source_hash != experiment_hash(name, measured.form):
        return True
    if measured.status == "unavailable":
        return measured.reason in PASSING
    shorter = form == "full" and measured.form == "short"
    return shorter or (not measured.confirmation and looks_wrong(claims(name), measured, own.machine))


def load(path: Path) -> Results:
    """The results at `path` if they are of this very machine and these versions, else empty ones.

    A file of a foreign machine is left where it is and replaced only by a finished measurement. Experiments
    that no longer exist are left out, and those that /dev/shm did not suffice for, where its size is another one now.
    Raises ResultError for a file that cannot be read.
    """
    machine, software = limited(this_machine()), this_software()
    commit, dirty = _commit()
    tier = "gpu" if machine.gpu else "cpu"
    properties = gpu_properties() if machine.gpu else None
    empty = Results(results.SCHEMA, tier, machine, software, commit, dirty, "", {}, gpu_properties=properties)
    stored = _stored(path)
    if stored is None or results.differences(stored, empty):
        return empty
    other_shm = stored.machine.shm != machine.shm
    experiments = {
        name: measured
        for name, measured in stored.experiments.items()
        if name in experiment_names() and not (other_shm and _lacked_shm(measured))
    }
    commit, dirty, at = stored.commit, stored.dirty, stored.measured_at
    return replace(empty, commit=commit, dirty=dirty, measured_at=at, experiments=experiments)


def _lacked_shm(measured: Measured) -> bool:
    return measured.status == "unavailable" and "/dev/shm" in measured.reason


def _stored(path: Path) -> Results | None:
    """What the file holds; None where there is none, or this build's own of an older version of the project."""
    try:
        return results.read(path) if path.exists() else None
    except results.OtherSchema:
        if path == LOCAL_RESULTS:
            return None
        raise


def _measure_one(
    name: str, form: Form, machine: Machine, first: Child, processes: Pool, bars: Progress, limit: Limit
) -> Measured:
    """All passes that it takes: one in the short form, in the full form as many as decide every claim. Where a
    claim looks contradicted, all three and a fresh one to confirm, in either form. `first`: the process of the first
    pass, ready to measure.

    Where the time does not allow for all, those that were measured make a result of the short form, which a call for
    the full one measures anew. Raises TimeIsUp where that is none.
    """
    began = time.monotonic()
    measured = Measured(source_hash=experiment_hash(name, form), form=form)
    try:
        for number in range(PASSES + 1):
            if number and not limit.allows(_pass_seconds(measured)):
                raise TimeIsUp
            further = processes.children([measuring_module(name, form)], number, form)
            with nullcontext([first]) if number == 0 else further as (child,):
                outcome = run_pass(child, listener(name, number, bars))
            measured = _with_pass(measured, outcome, number)
            if measured.status == "unavailable" or _enough(name, measured, form, machine):
                break
    except TimeIsUp:
        if not measured.passes:
            bars.finish(name, LEFT)
            raise
        measured = replace(measured, form="short", source_hash=experiment_hash(name, "short"))
    except ExperimentFailed as error:
        failure = Measured(source_hash=measured.source_hash, form=form, status="error", reason=str(error))
        cost = round(time.monotonic() - began, 2)
        measured = replace(failure, **vars(about(measured)), start_method=measured.start_method, cost_s=cost)
    outcomes = {"measured": f"{measured.cost_s:.1f} s", "unavailable": f"not measured here: {measured.reason}"}
    bars.finish(name, outcomes.get(measured.status, f"failed: {measured.reason}"))
    return replace(measured, measured_at=_now())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _with_pass(measured: Measured, outcome: Pass, number: int) -> Measured:
    """The result with one more pass; the fourth is the confirmation."""
    if outcome.about:
        measured = replace(measured, **vars(outcome.about), start_method=outcome.start_method)
    if outcome.unavailable:  # be it in a later pass: what was measured until then is not whole
        cleared = Measured(**vars(about(measured)), source_hash=measured.source_hash, form=measured.form)
        return replace(cleared, status="unavailable", reason=outcome.unavailable, start_method=measured.start_method)
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


def _commit() -> tuple[str, bool]:
    """Commit, and whether the tree differs from it; ("", False) outside a git checkout."""
    try:
        options = {"capture_output": True, "text": True, "cwd": ROOT, "check": True}
        commit = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], **options).stdout.strip()
        return commit, bool(subprocess.run(["git", "status", "--porcelain"], **options).stdout.strip())
    except (OSError, subprocess.CalledProcessError):
        return "", False
