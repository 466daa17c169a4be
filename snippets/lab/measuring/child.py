"""One pass of one experiment in a process group of its own: what it tells is read, and nothing of it is left."""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from snippets.lab.instruments.experiment import About
from snippets.lab.machine.machine import handed_down
from snippets.lab.machine.processes import stop_group
from snippets.lab.machine.surroundings import Surroundings
from snippets.lab.paths import ROOT
from snippets.lab.results.results import FormName, RoundSample, TraceSpan

STARTING_SECONDS = 90.0
NOISE_LINES, NOISE_CHARACTERS = 200, 4_000
"""What is kept of an arm that prints without end, and of each of its lines."""
WHOLE = -1
REASON_CHARACTERS = 300


class ExperimentFailed(RuntimeError):
    """The experiment did not end well; the message says how, in one line."""


@dataclass
class Pass:
    """What one pass told. `about` is the experiment's own description, `start_method` how its workers start."""

    about: About | None = None
    start_method: str = ""
    samples: list[RoundSample] = field(default_factory=list)
    traces: dict[str, list[TraceSpan]] = field(default_factory=dict)
    surroundings: Surroundings | None = None
    unavailable: str = ""
    done: bool = False


Heard = Callable[[dict[str, Any], Pass], None]
"""Called with each event and with what the pass told so far."""


@dataclass
class Child:
    """A process that imports an experiment, and measures nothing before `run_pass` lets it.

    `until`: when it must have said what it is, on the clock of `time.monotonic`. `lines`: what it tells, None at its
    end, of which `first` was taken already. `noise`: the last lines of its standard error, which `listening` hears.
    """

    process: "subprocess.Popen[str]"
    number: int
    until: float
    lines: "queue.Queue[str | None]"
    noise: deque[str | None]
    listening: threading.Thread
    first: list[str | None] = field(default_factory=list)

    def next_line(self, deadline: float) -> str | None:
        """Raises queue.Empty at the deadline."""
        return self.first.pop() if self.first else self.lines.get(timeout=max(0.0, deadline - time.monotonic()))


@contextmanager
def children(modules: Iterable[str], number: int, form: FormName) -> Iterator[list[Child]]:
    """A process for this pass of each module, all started at once and given when all are ready: importing torch
    takes seconds of a core, and so nothing is measured meanwhile. At the end they and all that they started are gone.
    """
    started: list[Child] = []
    try:
        for module in modules:
            started.append(_start(module, number, form))
        for child in started:
            with suppress(queue.Empty):
                child.first.append(child.next_line(child.until))
        yield started
    finally:
        for child in started:
            if child.process.returncode is None:  # else run_pass has, and its number may be another's by now
                stop_group(child.process)


def _start(module: str, number: int, form: FormName) -> Child:
    process = subprocess.Popen(
        [sys.executable, "-m", "snippets.lab.measuring.one_pass", module, str(number), form],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        cwd=ROOT,
        env={**os.environ, **handed_down(), "PYTHONUTF8": "1"},
        start_new_session=True,
    )
    lines: queue.Queue[str | None] = queue.Queue()
    noise: deque[str | None] = deque(maxlen=NOISE_LINES)
    listening = threading.Thread(target=_pump, args=(process.stderr, noise.append), daemon=True)
    threading.Thread(target=_pump, args=(process.stdout, lines.put, WHOLE), daemon=True).start()
    listening.start()
    return Child(process, number, time.monotonic() + STARTING_SECONDS, lines, noise, listening)


def run_pass(child: Child, heard: Heard) -> Pass:
    """Let it measure its pass, and hear what it tells.

    Raises ExperimentFailed if it does not end well within its deadline; its process and all that it started are gone
    when this returns or raises.
    """
    found = Pass()
    deadline = child.until
    try:
        while (line := child.next_line(deadline)) is not None:
            event = json.loads(line)
            if event["event"] == "experiment":
                deadline = time.monotonic() + event["deadline"]
                _go(child.process)
            _take(found, event, child.number)
            heard(event, found)
            if found.done or found.unavailable:  # something that it left running may hold the pipe open
                break
    except queue.Empty:
        raise ExperimentFailed("no end within its deadline; stopped, with all its workers") from None
    finally:
        stop_group(child.process)
    if not (found.done or found.unavailable):
        child.listening.join(timeout=2.0)  # what it said last may still be in the pipe
        raise ExperimentFailed(_last_words(child.noise) or f"ended with exit code {child.process.returncode}")
    return found


def _go(process: "subprocess.Popen[str]") -> None:
    assert process.stdin
    with suppress(BrokenPipeError):  # what is unavailable has ended already
        process.stdin.write("go\n")
        process.stdin.flush()


def _take(found: Pass, event: dict[str, Any], number: int) -> None:
    match event["event"]:
        case "experiment":
            found.about = About(**event["about"])
            found.start_method = event["start_method"]
        case "unavailable":
            found.unavailable = event["reason"]
        case "sample":
            found.samples.append(RoundSample(number, event["round"], event["arm"], event["values"]))
        case "surroundings":
            found.surroundings = Surroundings(event["capacity"], event["steal"], event["throttled"])
        case "trace":
            found.traces[event["arm"]] = [TraceSpan(**span) for span in event["spans"]]
        case "done":
            found.done = True


def _pump(stream: Any, give: Any, longest: int = NOISE_CHARACTERS) -> None:
    """The first `longest` characters of each line; None at the end."""
    begins = True
    while piece := stream.readline(longest):
        if begins:
            give(piece)
        begins = piece.endswith("\n")
    give(None)


def _last_words(noise: Iterable[str | None]) -> str:
    """The exception's own line of a traceback: the last line that is not indented."""
    lines = [line.rstrip() for line in noise if line and line.strip() and not line.startswith((" ", "\t"))]
    return lines[-1][:REASON_CHARACTERS] if lines else ""
