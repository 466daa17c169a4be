"""One pass of one experiment, in a process of its own: `python -m snippets.lab.measuring.one_pass MODULE PASS FORM`.
Without arguments, one after the other, each in a fork: as lines of standard input name them.

Waits for a line on standard input before it measures. Writes events as JSON lines to standard output; everything that
the measured code prints goes to standard error.
"""

import gc
import importlib
import json
import math
import multiprocessing
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from typing import Any

from snippets.lab.instruments.experiment import AGAIN, ROUNDS_SHORT, Arm, Experiment, Sample, about
from snippets.lab.instruments.starting import start_cheaply
from snippets.lab.machine.capacity import spinners
from snippets.lab.machine.machine import this_machine
from snippets.lab.machine.surroundings import watched

Event = dict[str, Any]
"""Its name stands in `event`. In the order in which they come, with what else they carry:

`process`, in a fork: `id`.
`experiment`: `about` (the fields of About), `deadline` (seconds), `start_method`.
`unavailable`: `reason`. Nothing follows.
`arms`: `runs`, how many runs of arms there will be, warm-ups included.
`warm`, after each warm-up: `arm`.
`sample`: `round` (from 0), `arm`, `values`.
`surroundings`: the fields of Surroundings.
`trace`, for each arm that has one: `arm`, `spans`.
`done`: `seconds`, since the measuring began.
`ended`, of a fork, whatever else came of it: `exit_code`.
"""
GO = "go\n"
"""What is read before the measuring begins."""
LAST_LINE = "-- end of pass\n"
"""What is written to standard error after a fork has ended."""
Tell = Callable[[Event], None]

OPTIONAL = {"PIL": "Pillow"}
"""Packages without which some experiments cannot run: a GPU runner has torch and numpy only."""


def run_pass(experiment: Experiment, number: int, tell: Tell) -> None:
    """Warm each arm up, then run all arms in each round, in an order shuffled by a fixed seed.

    Interleaving matters: all rounds of one arm and then all of the next gave 5-34 % false differences on a
    shared machine, interleaved rounds 1-4 %. Raises ValueError for a value that no clock can have measured.
    """
    with experiment.prepared() as arms, spinners(this_machine()) as spinning, watched() as watch:
        names = [*arms]
        if experiment.again:
            names.append(experiment.again + AGAIN)
        runs = len(arms) * experiment.warmup + len(names) * experiment.rounds
        tell({"event": "arms", "runs": runs})
        for name in [*arms] * experiment.warmup:
            arms[name]()
            tell({"event": "warm", "arm": name})
        by_arm: dict[str, list[Sample]] = {name: [] for name in names}
        shuffle = random.Random(f"pass {number}")
        for round_ in range(experiment.rounds):
            watch.capacity.append(spinning.capacity())
            for name in shuffle.sample(names, len(names)):
                sample = _arm(arms, name)()
                by_arm[name].append(sample)
                values = _checked(sample, name, experiment.headline)
                tell({"event": "sample", "round": round_, "arm": name, "values": values})
    tell({"event": "surroundings", **asdict(watch.seen())})
    for name, samples in by_arm.items():
        if any(sample.trace for sample in samples) and not name.endswith(AGAIN):
            tell({"event": "trace", "arm": name, "spans": _median(samples, experiment.headline).trace})


def _arm(arms: Any, name: str) -> Arm:
    return arms[name.removesuffix(AGAIN)]


def _checked(sample: Sample, arm: str, headline: str) -> dict[str, float]:
    """The sample's values. A clock that stands still or runs back gives no number: raises ValueError."""
    values = {key: float(value) + 0.0 for key, value in sample.values.items()}  # of a negative zero, zero
    for key, value in values.items():
        if not math.isfinite(value) or (key == headline and value <= 0):
            raise ValueError(f"{arm}: {key} is {value:g}, which no clock can have measured")
    return values


def _median(samples: list[Sample], headline: str) -> Sample:
    middle = statistics.median_low(sample.values[headline] for sample in samples)
    return next(sample for sample in samples if sample.values[headline] == middle)


def main(asked: list[str]) -> None:
    events = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def tell(event: Event) -> None:
        events.write(json.dumps(event, allow_nan=False) + "\n")
        events.flush()

    def start_afresh() -> None:
        os.dup2(events.fileno(), 1)
        os.execv(sys.executable, [*sys.orig_argv, *forked])

    forked = [] if asked else _serve(tell)
    if not (asked or forked):
        return
    module, number, form = asked or forked
    try:
        _measure(module, int(number), form, tell, start_afresh if forked else None)
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in OPTIONAL:
            raise
        tell({"event": "unavailable", "reason": f"{OPTIONAL[package]} is not installed"})


def _serve(tell: Tell) -> list[str]:
    """Fork for each line that names a pass. Returns in a fork, with the words of its line, and in the parent with none,
    after the last one.
    """
    assert sys.platform != "win32"
    with suppress(ImportError):  # what cannot do without says so itself
        import torch.utils.data  # noqa: F401
    gc.freeze()
    while line := sys.stdin.readline():
        if line == GO:  # for a fork that has ended without measuring
            continue
        pid = os.fork()  # type: ignore  (POSIX)
        if pid == 0:
            os.setsid()  # type: ignore  (POSIX)
            tell({"event": "process", "id": os.getpid()})
            return line.split()
        _, status = os.waitpid(pid, 0)
        os.write(2, f"\n{LAST_LINE}".encode())
        tell({"event": "ended", "exit_code": os.waitstatus_to_exitcode(status)})
    return []


def _measure(module: str, number: int, form: str, tell: Tell, start_afresh: Callable[[], None] | None = None) -> None:
    """`start_afresh`: how a fork becomes a process that shares no memory with the one that it was forked from."""
    experiment: Experiment = importlib.import_module(module).EXPERIMENT
    if experiment.afresh and start_afresh:
        start_afresh()
    if form == "short":
        experiment = replace(experiment, rounds=min(experiment.rounds, ROUNDS_SHORT))
    # Asked before the first line: what it takes (a driver that starts, files that are looked for) disturbs no other
    # experiment, for none measures before all have said what they are.
    reason = experiment.unavailable()
    if experiment.any_start and not reason:
        start_cheaply(module)
    tell(
        {
            "event": "experiment",
            "about": asdict(about(experiment)),
            "deadline": experiment.deadline,
            "start_method": multiprocessing.get_start_method(),
        }
    )
    if reason:
        tell({"event": "unavailable", "reason": reason})
        return
    if not sys.stdin.readline():  # says whose turn it is; nothing comes from a parent that is gone
        return
    began = time.monotonic()
    run_pass(experiment, number, tell)
    tell({"event": "done", "seconds": time.monotonic() - began})


if __name__ == "__main__":
    main(sys.argv[1:])
