"""One pass of one experiment in a process group of its own: its events are read, and no process of it is left."""

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
from typing import IO

from snippets.lab.instruments.experiment import About
from snippets.lab.machine.machine import handed_down
from snippets.lab.machine.processes import stop_group
from snippets.lab.machine.surroundings import Surroundings
from snippets.lab.measuring.one_pass import Event
from snippets.lab.paths import ROOT
from snippets.lab.results.results import Form, RoundSample, TraceSpan

STARTING_SECONDS = 90.0
"""Within so many a process must have said what it is."""
NOISE_LINES, NOISE_CHARACTERS = 200, 4_000
"""What is kept of an arm that prints without end, and of each of its lines."""
WHOLE = -1
"""In the place of so many characters: the line, however long it is."""
REASON_CHARACTERS = 300


class ExperimentFailed(RuntimeError):
    """The experiment did not end well; the message says how, in one line."""


@dataclass
class Pass:
    """What one pass gave, as far as its events say. `about`: the experiment's own description. `start_method`: how its
    workers start. `traces`: by arm. `surroundings`: None until the last round is over. `unavailable`: why it cannot run
    here, or "".
    """

    about: About | None = None
    start_method: str = ""
    samples: list[RoundSample] = field(default_factory=list)
    traces: dict[str, list[TraceSpan]] = field(default_factory=dict)
    surroundings: Surroundings | None = None
    unavailable: str = ""
    done: bool = False


Listener = Callable[[Event, Pass], None]
"""Called with each event, and with what the pass gave until then."""


@dataclass
class Child:
    """A process that imports an experiment, and measures nothing before `run_pass` lets it.

    `number`: of the pass, from 0. `ready_by`: when it must have written its first line, which says what it is, on the
    clock of `time.monotonic`. `lines`: what it writes to standard output, line by line, then None. `read_ahead`: its
    first line, after `children` has waited for it and before `next_line` gives it. `noise`: the last lines of its
    standard error, into which the thread `noise_reader` puts them.
    """

    process: "subprocess.Popen[str]"
    number: int
    ready_by: float
    lines: "queue.Queue[str | None]"
    noise: deque[str | None]
    noise_reader: threading.Thread
    read_ahead: list[str | None] = field(default_factory=list)

    def next_line(self, deadline: float) -> str | None:
        """A line of its standard output, None at the end of it. Raises queue.Empty at the deadline."""
        if self.read_ahead:
            return self.read_ahead.pop()
        return self.lines.get(timeout=max(0.0, deadline - time.monotonic()))


@contextmanager
def children(modules: Iterable[str], number: int, form: Form) -> Iterator[list[Child]]:
    """For each module a process for pass `number`. All are started at once, and yielded when all are ready: importing
    torch takes seconds of a core, and so nothing is measured meanwhile. At the end they and all that they started are
    gone.
    """
    started: list[Child] = []
    try:
        for module in modules:
            started.append(_start(module, number, form))
        for child in started:
            with suppress(queue.Empty):
                child.read_ahead.append(child.next_line(child.ready_by))
        yield started
    finally:
        for child in started:
            if child.process.returncode is None:  # else run_pass has stopped it, and its id may be another's by now
                stop_group(child.process)
            assert child.process.stdin
            with suppress(OSError):  # what it was to read first is still in there
                child.process.stdin.close()


def _start(module: str, number: int, form: Form) -> Child:
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
    noise_reader = threading.Thread(target=_pump, args=(process.stderr, noise.append), daemon=True)
    threading.Thread(target=_pump, args=(process.stdout, lines.put, WHOLE), daemon=True).start()
    noise_reader.start()
    return Child(process, number, time.monotonic() + STARTING_SECONDS, lines, noise, noise_reader)


def run_pass(child: Child, listener: Listener) -> Pass:
    """Let the process measure its pass, and gather what its events say.

    Raises ExperimentFailed if it does not end well within its deadline; its process and all that it started are gone
    when this returns or raises.
    """
    outcome = Pass()
    deadline = child.ready_by
    try:
        while (line := child.next_line(deadline)) is not None:
            event = json.loads(line)
            if event["event"] == "experiment":
                deadline = time.monotonic() + event["deadline"]
                _go(child.process)
            _add(outcome, event, child.number)
            listener(event, outcome)
            if outcome.done or outcome.unavailable:  # something that it left running may hold the pipe open
                break
    except queue.Empty:
        raise ExperimentFailed("no end within its deadline; stopped, with all its workers") from None
    finally:
        stop_group(child.process)
    if not (outcome.done or outcome.unavailable):
        child.noise_reader.join(timeout=2.0)  # its last words may still be in the pipe
        raise ExperimentFailed(_last_words(child.noise) or f"ended with exit code {child.process.returncode}")
    return outcome


def _go(process: "subprocess.Popen[str]") -> None:
    assert process.stdin
    with suppress(BrokenPipeError):  # what is unavailable has ended already
        process.stdin.write("go\n")
        process.stdin.flush()


def _add(outcome: Pass, event: Event, number: int) -> None:
    match event["event"]:
        case "experiment":
            outcome.about = About(**event["about"])
            outcome.start_method = event["start_method"]
        case "unavailable":
            outcome.unavailable = event["reason"]
        case "sample":
            outcome.samples.append(RoundSample(number, event["round"], event["arm"], event["values"]))
        case "surroundings":
            outcome.surroundings = Surroundings(event["capacity"], event["steal"], event["throttled"])
        case "trace":
            outcome.traces[event["arm"]] = [TraceSpan(**span) for span in event["spans"]]
        case "done":
            outcome.done = True


def _pump(stream: IO[str], give: Callable[[str | None], object], longest: int = NOISE_CHARACTERS) -> None:
    """Give the first `longest` characters of each line of the stream, and None at its end."""
    at_start = True
    with stream:
        while piece := stream.readline(longest):
            if at_start:
                give(piece)
            at_start = piece.endswith("\n")
    give(None)


def _last_words(noise: Iterable[str | None]) -> str:
    """The exception's own line of a traceback: the last line that is not indented."""
    lines = [line.rstrip() for line in noise if line and line.strip() and not line.startswith((" ", "\t"))]
    return lines[-1][:REASON_CHARACTERS] if lines else ""
