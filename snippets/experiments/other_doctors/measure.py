"""What other tools say of loops with one fault each, and of healthy ones, beside our doctor."""

import time
import traceback
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec

from snippets.experiments.doctor import measure as doctor
from snippets.experiments.doctor.arms import CORES, FED
from snippets.experiments.doctor.loops import on_two_cores
from snippets.experiments.other_doctors import watchers
from snippets.experiments.other_doctors.arms import (
    DATAPATH,
    LOOPS,
    NO_ANSWER,
    OURS,
    PEERS,
    TRACEML,
    VERDICTS,
    watched_by,
)
from snippets.lab.instruments.experiment import Arm, Experiment, Sample


def diagnosed(who: str, watch: Callable[[str], str], loop: str) -> Sample:
    """Who fails has given no answer."""
    began, verdict = time.perf_counter(), NO_ANSWER
    with on_two_cores():
        try:
            verdict = watch(loop)
        except Exception:
            traceback.print_exc()
    return Sample({"total": time.perf_counter() - began, "verdict": VERDICTS[who].index(verdict)})


def named() -> dict[str, Arm]:
    """Each loop, watched by each in turn."""
    watch = {OURS: watchers.by_the_doctor, TRACEML: watchers.by_traceml, DATAPATH: watchers.by_datapath_doctor}
    return {watched_by(who, loop): partial(diagnosed, who, watch[who], loop) for loop in LOOPS for who in watch}


def unavailable() -> str | None:
    if not all(map(find_spec, PEERS)):
        return f"{' and '.join(PEERS.values())} are not both installed; make others installs them"
    return doctor.unavailable()


EXPERIMENT = Experiment(
    question="Do other tools name the fault of a loop, and leave healthy ones alone?",
    unit="s",
    better="lower",
    headline="total",
    pitfalls=(
        "The loops are ours, and the rules of our doctor were made with such loops; others have rules for disks, "
        "networks and GPUs, and none of these holds a loop up here; loops of a second and a half, where yours take "
        "minutes; the processes of a tool take CPU time from the loop that it watches; other work on the machine."
    ),
    arms=named(),
    again=watched_by(OURS, FED),
    warmup=0,
    rounds=1,
    params={"cores": CORES, "limit": watchers.LIMIT},
    unavailable=unavailable,
    deadline=1800,
    any_start=True,
)
