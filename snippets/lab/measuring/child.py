"""One pass of one experiment in a process group of its own: its events are read, and no process of it is left."""

import json
import math
import os
import queue
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import IO

from snippets.lab.instruments.experiment import About
from snippets.lab.instruments.starting import cheapest
from snippets.lab.machine.machine import handed_down
from snippets.lab.machine.processes import end_group, stop_group
from snippets.lab.machine.surroundings import Surroundings
from snippets.lab.measuring.last_words import last_words, refusal
from snippets.lab.measuring.one_pass import GO, LAST_LINE, Event
from snippets.lab.paths import ROOT
from snippets.lab.results.results import Form, RoundSample, TraceSpan

FIRST_STARTING_SECONDS, STARTING_SECONDS = 300.0, 90.0
"""Within so many a process must have said what it is: a new one, and a fork of one that has imported torch. The first
import of torch may take minutes, from a disk that is read for the first time.
"""
ANSWER_SECONDS = 10.0
"""Within so many a process that forks must have said how its fork ended."""
NOISE_LINES, NOISE_CHARACTERS = 200, 4_000
"""What is kept of an arm that prints without end, and of each of its lines."""
WHOLE = -1
"""In the place of so many characters: the line, however long it is."""


class ExperimentFailed(RuntimeError):
    """The experiment did not end well; the message says how, in one line."""


class TimeIsUp(RuntimeError):
    """The pass was stopped, as the command's time was up. Nothing is said of its experiment."""


@dataclass
class Pass:
    """What one pass gave, as far as its events say. `about`: the experiment's own description. `start_method`: how its
    workers start. `traces`: by arm. `surroundings`: None until the last round is over. `unavailable`: why it cannot run
    here, or "". `seconds`: how long it took.
    """

    about: About | None = None
    start_method: str = ""
    samples: list[RoundSample] = field(default_factory=list)
    traces: dict[str, list[TraceSpan]] = field(default_factory=dict)
    surroundings: Surroundings | None = None
    unavailable: str = ""
    seconds: float = 0.0
    done: bool = False


Listener = Callable[[Event, Pass], None]
"""Called with each event, and with what the pass gave until then."""


@dataclass
class Child:
    """A process that imports an experiment, and measures nothing before `run_pass` lets it. Where processes are forked,
    it is a fork of one that has imported torch, which waits for it, and then for the next pass: importing torch takes
    seconds of a core.

    `number`: of the pass, from 0. `starting`: seconds within which it must have said what it is. `ready_by`: when that
    is over, on the clock of `time.monotonic`. `cut`: when it is stopped whatever it does, on the same clock. `lines`:
    what it writes to standard output, line by line, then None. `noise`: the last lines of standard error. `heard`:
    whether that is all of them. `fork`: the id of the process that measures; None before it has said it, and where
    `process` is that one. `exit_code`: None while it runs. `began`: when it was let measure, on the same clock; None
    before. `ended`: whether it and all that it has started are gone. `read_ahead`: the event for which `ready` has
    waited.
    """

    process: "subprocess.Popen[str]"
    lines: "queue.Queue[str | None]" = field(default_factory=queue.Queue)
    noise: deque[str] = field(default_factory=lambda: deque(maxlen=NOISE_LINES))
    heard: threading.Event = field(default_factory=threading.Event)
    number: int = 0
    starting: float = 0.0
    ready_by: float = 0.0
    cut: float = math.inf
    fork: int | None = None
    exit_code: int | None = None
    began: float | None = None
    ended: bool = False
    read_ahead: list[Event | None] = field(default_factory=list)

    def say(self, line: str) -> None:
        assert self.process.stdin
        with suppress(OSError):  # it has ended already
            self.process.stdin.write(line)
            self.process.stdin.flush()

    def go(self) -> float:
        """Let it measure, if it was not let before, and give the moment at which it was."""
        if self.began is None:
            self.began = time.monotonic()
            self.say(GO)
        return self.began

    def ready(self) -> None:
        """Wait until it has said what it is, or has ended, or should have."""
        with suppress(queue.Empty):
            self.read_ahead.append(self.next_event(min(self.ready_by, self.cut)))

    def next_event(self, deadline: float) -> Event | None:
        """None when it has ended. Raises queue.Empty at the deadline."""
        if self.read_ahead:
            return self.read_ahead.pop()
        while line := self.lines.get(timeout=max(0.0, deadline - time.monotonic())):
            event: Event = json.loads(line)
            if event["event"] == "process":
                self.fork = event["id"]
            elif event["event"] == "ended":
                self.exit_code = event["exit_code"]
                return None
            else:
                return event
        return None

    def end(self) -> None:
        """End what measures, and all that it has started. A process that forks stays, if it answers."""
        if self.ended:
            return
        self.ended = True
        if self.fork is not None:
            end_group(self.fork, is_running=self.exit_code is None)
            deadline = time.monotonic() + ANSWER_SECONDS
            with suppress(queue.Empty):
                while self.exit_code is None and self.process.poll() is None:
                    self.next_event(deadline)
        if self.exit_code is None:
            self.close()
        self.heard.wait(timeout=2.0)  # its last words may still be in the pipe

    def close(self) -> None:
        """End all of it."""
        stop_group(self.process)
        self.exit_code = self.process.returncode
        assert self.process.stdin
        with suppress(OSError):  # what it was to read first is still in there
            self.process.stdin.close()


class Pool:
    """The processes that wait for a next pass. None does where a system forks none. Whatever measures is stopped at
    `cut`, on the clock of `time.monotonic`.
    """

    def __init__(self, cut: float = math.inf) -> None:
        self._waiting: list[Child] = []
        self._cut = cut

    @contextmanager
    def children(self, modules: Iterable[str], number: int, form: Form, beside: bool = False) -> Iterator[list[Child]]:
        """For each module a process for pass `number`. All are started at once, and yielded when all are ready: nothing
        is timed while another is imported. Those that may run `beside` each other then measure at once. At the end they
        and all that they started are gone.
        """
        started: list[Child] = []
        with ExitStack() as ending:
            for module in modules:
                child = self._begin(module, number, form)
                ending.callback(self._end, child)
                started.append(child)
            for child in started:
                child.ready()
            if beside:
                for child in started:
                    if child.read_ahead:  # else it has not said yet that it listens
                        child.go()
            yield started

    def _end(self, child: Child) -> None:
        child.end()
        if child.process.poll() is None:
            self._waiting.append(child)

    def _begin(self, module: str, number: int, form: Form) -> Child:
        asked = (module, str(number), form)
        forks = cheapest() == "fork"
        starting = STARTING_SECONDS if self._waiting else FIRST_STARTING_SECONDS
        child = self._waiting.pop() if self._waiting else _start(() if forks else asked)
        child.number, child.cut = number, self._cut
        child.starting, child.ready_by = starting, time.monotonic() + starting
        child.fork, child.exit_code, child.began, child.ended = None, None, None, False
        child.read_ahead.clear()
        child.noise.clear()
        child.heard.clear()
        if forks:
            child.say(" ".join(asked) + "\n")
        return child

    def close(self) -> None:
        for child in self._waiting:
            child.close()


@contextmanager
def pool(cut: float = math.inf) -> Iterator[Pool]:
    """At its end no process is left."""
    processes = Pool(cut)
    try:
        yield processes
    finally:
        processes.close()


def _start(arguments: tuple[str, ...]) -> Child:
    process = subprocess.Popen(
        [sys.executable, "-m", "snippets.lab.measuring.one_pass", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        cwd=ROOT,
        env={**os.environ, **handed_down(), "PYTHONUTF8": "1"},
        start_new_session=True,
    )
    child = Child(process)

    def hear(line: str | None) -> None:
        if line is None or line == LAST_LINE:
            child.heard.set()
        else:
            child.noise.append(line)

    threading.Thread(target=_pump, args=(process.stderr, hear), daemon=True).start()
    threading.Thread(target=_pump, args=(process.stdout, child.lines.put, WHOLE), daemon=True).start()
    return child


def run_pass(child: Child, listener: Listener) -> Pass:
    """Let the process measure its pass, and gather what its events say.

    Raises ExperimentFailed if it does not end well within its deadline, and TimeIsUp at its `cut`; its process and all
    that it started are gone when this returns or raises.
    """
    outcome = Pass()
    deadline, passed = child.ready_by, f"did not begin within {child.starting:g} s of its start"
    try:
        while event := child.next_event(min(deadline, child.cut)):
            if event["event"] == "experiment":
                deadline = child.go() + event["deadline"]
                passed = f"no end within its deadline of {event['deadline']:g} s"
            _add(outcome, event, child.number)
            listener(event, outcome)
            if outcome.done or outcome.unavailable:  # something that it left running may hold the pipe open
                break
    except queue.Empty:
        if child.cut < deadline:
            raise TimeIsUp from None
        raise ExperimentFailed(f"{passed}; stopped, with all its workers") from None
    finally:
        child.end()
    if not (outcome.done or outcome.unavailable):
        outcome.unavailable = refusal(child.noise)
    if not (outcome.done or outcome.unavailable):
        raise ExperimentFailed(last_words(child.noise) or f"ended with exit code {child.exit_code}")
    return outcome


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
            outcome.seconds = event["seconds"]
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
