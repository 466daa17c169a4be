"""Loops with one fault each, and healthy ones: what the doctor says of them."""

import io
import sys
import time
import warnings
from collections.abc import Sequence
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path

import torch

from snippets.experiments.doctor import arms
from snippets.experiments.doctor.loops import LOOPS, Loop, on_two_cores
from snippets.lab.instruments.experiment import Arm, Experiment, Sample
from snippets.lab.instruments.starting import cheapest
from snippets.tools.loader_doctor import Verdict, doctor, judge

BATCHES = 2000
"""Of a loop whose batches cost nothing."""


def watched(loop: Loop) -> Verdict:
    """The verdict after its last epoch."""
    said = io.StringIO()
    with loop.beside() as root, redirect_stdout(said), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "This DataLoader will create")
        patient = doctor(loop.make(), root=root)
        for _ in range(loop.epochs):
            for batch in patient:
                loop.step(batch)
    print(said.getvalue(), file=sys.stderr)
    return judge(patient.seen())


def diagnosed(loop: Loop) -> Sample:
    began = time.perf_counter()
    with on_two_cores():
        verdict = watched(loop)
    return Sample({"total": time.perf_counter() - began, "verdict": arms.VERDICTS.index(verdict.name)})


def per_batch(is_watched: bool) -> Sample:
    """Of a loop that does nothing, over a list of one batch: CPU-seconds per batch."""
    batches = [torch.zeros(16)] * BATCHES
    with redirect_stdout(io.StringIO()):
        began, before = time.perf_counter(), time.thread_time()
        for _ in doctor(batches) if is_watched else batches:
            pass
    computed = time.thread_time() - before
    return Sample({"total": time.perf_counter() - began, "per_batch": computed / BATCHES})


def unavailable() -> str | None:
    if not Path("/proc/self/schedstat").exists():
        return "this system does not tell how long a process waits for a core"
    return "starting its workers would take longer than its loops" if cheapest() == "spawn" else None


def named(names: Sequence[str]) -> dict[str, Arm]:
    """These loops; and what being watched costs."""
    costs = {arms.PLAIN: partial(per_batch, False), arms.WATCHED: partial(per_batch, True)}
    return {**{name: partial(diagnosed, LOOPS[name]) for name in names}, **costs}


EXPERIMENT = Experiment(
    question="Does the doctor name the fault of a loop, and leave healthy ones alone?",
    unit="s",
    better="lower",
    headline="total",
    pitfalls=(
        "Faults that we know, and each alone: yours may be two at a time; other work on the machine, which is a fault "
        "of its own; a quota that is made up, for none can be set here; loops of a second and a half, where yours take "
        "minutes."
    ),
    arms=named([*LOOPS]),
    again=arms.FED,
    warmup=0,
    rounds=3,
    params={"drawn_on": "every day", "cores": arms.CORES, "batches": BATCHES},
    unavailable=unavailable,
    any_start=True,
)
