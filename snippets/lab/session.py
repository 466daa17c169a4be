"""A measuring run: each stale experiment in processes of its own, each result saved as soon as it is there."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from snippets.lab import capacity, results
from snippets.lab.catalog import experiment_hash, experiment_names, measuring_module
from snippets.lab.freshness import machine_hash
from snippets.lab.machine import this_machine, this_software
from snippets.lab.paths import LOCAL_RESULTS, ROOT
from snippets.lab.progress import Progress, progress
from snippets.lab.results import Measured, Results, RoundSample, TraceSpan

STARTING_SECONDS = 90.0
NOISE_LINES = 200
REASON_CHARACTERS = 300


@dataclass(frozen=True)
class Form:
    """How much is measured: passes of seven rounds, each in a fresh process."""

    name: str
    passes: int


SHORT = Form("short", 1)
FULL = Form("full", 3)


class ForeignResults(RuntimeError):
    """The result file is another machine's; the message says so and what to do."""


class ExperimentFailed(RuntimeError):
    """The experiment did not end well; the message says how, in one line."""


def measure(out: Path, form: Form, only: list[str] | None = None) -> tuple[Results, list[str]]:
    """Measure what is missing or stale in `out`; give the results and the names of what was measured.

    Each experiment is saved when it ends, so an interrupted run keeps what it had.
    """
    held = load(out)
    if out != LOCAL_RESULTS:
        _refuse_foreign(out, held)
    due = [name for name in only or experiment_names() if only or is_stale(held, name, form)]
    if not due:
        return held, []
    print(f"Measuring {len(due)} of {len(experiment_names())} experiments ({form.name} form).", flush=True)
    taken: list[str] = []
    try:
        before = capacity.probe(held.machine)
        with progress() as bars:
            for name in due:
                measured = _measure_one(name, form, bars)
                held = held.with_experiment(name, measured)
                results.write(held, out)
                taken.append(name)
        after = capacity.probe(held.machine)
    except KeyboardInterrupt:
        kept = ", ".join(taken) or "none"
        print(f"\nInterrupted. Measured and kept: {kept}. Older results are untouched.", file=sys.stderr)
        raise
    for name in taken:
        probed = {"before": before, "after": after}
        held = held.with_experiment(name, _with_capacity(held.experiments[name], probed))
    results.write(held, out)
    return held, taken


def _refuse_foreign(out: Path, own: Results) -> None:
    if not out.exists():
        return
    found = results.read(out)
    if machine_hash(found.machine, found.software) != machine_hash(own.machine, own.software):
        raise ForeignResults(
            f"{out} holds results of another machine or other versions ({found.machine.cpu}, torch "
            f"{found.software.torch}); name another file with --out, or move that one away"
        )


def is_stale(held: Results, name: str, form: Form) -> bool:
    """Missing, failed, measured with other code, or in fewer passes than asked for."""
    measured = held.experiments.get(name)
    if measured is None or measured.status == "error" or measured.source_hash != experiment_hash(name):
        return True
    return measured.status == "measured" and measured.passes < form.passes


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
    held = results.read(path)
    if machine_hash(held.machine, held.software) != machine_hash(machine, software):
        return fresh
    known = {name: m for name, m in held.experiments.items() if name in experiment_names()}
    return Results(results.SCHEMA, tier, machine, software, commit, dirty, held.measured_at, known)


def _measure_one(name: str, form: Form, bars: Progress) -> Measured:
    began, source = time.monotonic(), experiment_hash(name)
    about: dict[str, Any] = {}
    samples: list[RoundSample] = []
    traces: dict[str, list[TraceSpan]] = {}
    status, reason = "measured", ""
    try:
        for number in range(form.passes):
            found = _run_pass(name, number, form, bars)
            about = found.about
            if found.unavailable:
                status, reason = "unavailable", found.unavailable
                break
            samples += found.samples
            traces = traces or found.traces
    except ExperimentFailed as error:
        status, reason, samples, traces = "error", str(error), [], {}
    cost = time.monotonic() - began
    outcomes = {"measured": f"{cost:.1f} s", "unavailable": f"not measured here: {reason}"}
    bars.finish(name, outcomes.get(status, f"failed: {reason}"))
    return Measured(
        status=status,  # pyright: ignore[reportArgumentType]  (one of the three literals above)
        reason=reason,
        source_hash=source,
        question=about.get("question", ""),
        unit=about.get("unit", ""),
        better=about.get("better", "higher"),
        headline=about.get("headline", ""),
        pitfalls=about.get("pitfalls", ""),
        again=about.get("again"),
        params=about.get("params", {}),
        start_method=about.get("start_method", ""),
        warmup=about.get("warmup", 0),
        passes=form.passes if samples else 0,
        rounds=about.get("rounds", 0),
        cost_s=round(cost, 2),
        measured_at=datetime.now(UTC).isoformat(timespec="seconds"),
        samples=samples,
        traces=traces,
        capacity={},
    )


@dataclass
class _Pass:
    about: dict[str, Any]
    samples: list[RoundSample]
    traces: dict[str, list[TraceSpan]]
    unavailable: str = ""
    done: bool = False


def _run_pass(name: str, number: int, form: Form, bars: Progress) -> _Pass:
    """Run one pass in a process group of its own and read what it tells, within its deadline."""
    command = [sys.executable, "-m", "snippets.lab.measure", measuring_module(name), str(number)]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        cwd=ROOT,
        start_new_session=True,
    )
    lines: queue.Queue[str | None] = queue.Queue()
    noise: deque[str | None] = deque(maxlen=NOISE_LINES)
    listening = threading.Thread(target=_pump, args=(process.stderr, noise.append), daemon=True)
    threading.Thread(target=_pump, args=(process.stdout, lines.put), daemon=True).start()
    listening.start()
    found = _Pass({}, [], {})
    deadline = time.monotonic() + STARTING_SECONDS
    try:
        while (line := lines.get(timeout=max(0.0, deadline - time.monotonic()))) is not None:
            event = json.loads(line)
            if event["event"] == "experiment":
                deadline = time.monotonic() + event["deadline"]
            _take(found, event, name, number, form, bars)
            if found.done or found.unavailable:  # something that it left running may hold the pipe open
                break
    except queue.Empty:
        raise ExperimentFailed("no end within its deadline; stopped, with all its workers") from None
    finally:
        _stop_group(process)
    if not (found.done or found.unavailable):
        listening.join(timeout=2.0)  # what it said last may still be in the pipe
        raise ExperimentFailed(_last_words(noise) or f"ended with exit code {process.returncode}")
    return found


def _take(found: _Pass, event: dict[str, Any], name: str, number: int, form: Form, bars: Progress) -> None:
    match event["event"]:
        case "experiment":
            found.about = event
        case "unavailable":
            found.unavailable = event["reason"]
        case "arms":
            bars.begin(name, event["runs"])
        case "warm":
            bars.step(name, "warming up")
        case "sample":
            of_passes = f"pass {number + 1} of {form.passes}, " if form.passes > 1 else ""
            bars.step(name, f"{of_passes}round {event['round'] + 1} of {found.about['rounds']}")
            found.samples.append(RoundSample(number, event["round"], event["arm"], event["values"]))
        case "trace":
            found.traces[event["arm"]] = [TraceSpan(**span) for span in event["spans"]]
        case "done":
            found.done = True


def _pump(stream: Any, give: Any) -> None:
    for line in stream:
        give(line)
    give(None)


def _last_words(noise: Iterable[str | None]) -> str:
    """The exception's own line of a traceback: the last line that is not indented."""
    lines = [line.rstrip() for line in noise if line and line.strip() and not line.startswith((" ", "\t"))]
    return lines[-1][:REASON_CHARACTERS] if lines else ""


def _stop_group(process: "subprocess.Popen[str]") -> None:
    """End the process and everything that it started: workers outlive a killed parent by up to 8 s."""
    if os.name != "posix":
        process.kill()
        process.wait()
        return
    for sign, patience in ((signal.SIGTERM, 3.0), (signal.SIGKILL, 5.0)):
        try:
            os.killpg(process.pid, sign)
        except (ProcessLookupError, PermissionError):
            break
        until = time.monotonic() + patience
        while time.monotonic() < until and _group_alive(process):
            time.sleep(0.02)
    process.wait()


def _group_alive(process: "subprocess.Popen[str]") -> bool:
    process.poll()
    try:
        os.killpg(process.pid, 0)
    except (ProcessLookupError, PermissionError):  # macOS: of a group of zombies
        return False
    return True


def _with_capacity(measured: Measured, probed: dict[str, list[float]]) -> Measured:
    return Measured(**{**vars(measured), "capacity": probed})


def _commit() -> tuple[str, bool]:
    """Commit and whether the tree differs from it; empty outside a git checkout."""
    try:
        asked = {"capture_output": True, "text": True, "cwd": ROOT, "check": True}
        commit = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], **asked).stdout.strip()
        return commit, bool(subprocess.run(["git", "status", "--porcelain"], **asked).stdout.strip())
    except (OSError, subprocess.CalledProcessError):
        return "", False
