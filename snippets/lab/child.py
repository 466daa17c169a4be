"""One pass of one experiment in a process group of its own: what it tells is read, and nothing of it is left."""

import json
import queue
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from snippets.lab.paths import ROOT
from snippets.lab.process_group import stop_group
from snippets.lab.results import RoundSample, TraceSpan
from snippets.lab.surroundings import Surroundings

STARTING_SECONDS = 90.0
NOISE_LINES, NOISE_CHARACTERS = 200, 4_000
"""What is kept of an arm that prints without end, and of each of its lines."""
WHOLE = -1
REASON_CHARACTERS = 300


class ExperimentFailed(RuntimeError):
    """The experiment did not end well; the message says how, in one line."""


@dataclass
class Pass:
    """What one pass told. `about` is the experiment's own description."""

    about: dict[str, Any] = field(default_factory=dict)
    samples: list[RoundSample] = field(default_factory=list)
    traces: dict[str, list[TraceSpan]] = field(default_factory=dict)
    surroundings: Surroundings | None = None
    unavailable: str = ""
    done: bool = False


Heard = Callable[[dict[str, Any], Pass], None]
"""Called with each event and with what the pass told so far."""


def run_pass(module: str, number: int, heard: Heard) -> Pass:
    """Run one pass of the experiment in `module`. Raises ExperimentFailed if it does not end well within its
    deadline; its process and all that it started are gone when this returns or raises.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "snippets.lab.measure", module, str(number)],
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
    threading.Thread(target=_pump, args=(process.stdout, lines.put, WHOLE), daemon=True).start()
    listening.start()
    found = Pass()
    deadline = time.monotonic() + STARTING_SECONDS
    try:
        while (line := lines.get(timeout=max(0.0, deadline - time.monotonic()))) is not None:
            event = json.loads(line)
            if event["event"] == "experiment":
                deadline = time.monotonic() + event["deadline"]
            _take(found, event, number)
            heard(event, found)
            if found.done or found.unavailable:  # something that it left running may hold the pipe open
                break
    except queue.Empty:
        raise ExperimentFailed("no end within its deadline; stopped, with all its workers") from None
    finally:
        stop_group(process)
    if not (found.done or found.unavailable):
        listening.join(timeout=2.0)  # what it said last may still be in the pipe
        raise ExperimentFailed(_last_words(noise) or f"ended with exit code {process.returncode}")
    return found


def _take(found: Pass, event: dict[str, Any], number: int) -> None:
    match event["event"]:
        case "experiment":
            found.about = event
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
