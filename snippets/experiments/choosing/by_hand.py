"""The count that the rule of the pages gives to a reader who times a batch, a step and a worker, and divides.

What is timed is what the pages tell a reader to look at.
"""

import math
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice, repeat
from statistics import fmean, pstdev
from typing import Any

from snippets.experiments.varied_workloads import Workload

SECONDS, LEAST = 0.15, 6
"""Of batches or of steps that are timed, and how many of them at least."""
PREFETCHED = 2
"""Batches that one worker has made ready meanwhile: the default."""
TENTH = 0.1
"""Of a step: loading that takes no more does not pay."""
VARIES = 0.2
"""Batches vary in cost if their standard deviation is more than this part of their mean."""
QUARTER_MORE = 1.25
DIGITS = 2
"""Of a quotient, before it is rounded up: nobody takes a fourth worker for the third digit."""
COMPUTE = 0.5
"""Items compute if their CPU time is more than this part of what they take."""


@dataclass(frozen=True)
class Timed:
    """What a reader has timed, in seconds. `batches`: each, in the main process. `batch_cpu`: CPU time of one. `step`:
    until it is done. `step_cpu`: its CPU time, of all threads. `from_worker`: a batch from one worker, for a loop that
    does nothing else. `start`: until that worker's first batch. `epoch`: how many batches it has, or infinity.
    """

    batches: list[float]
    batch_cpu: float
    step: float
    step_cpu: float
    from_worker: float
    start: float
    epoch: float


def count(timed: Timed, cores: int) -> int:
    """The rule, as docs/index.md has it. Raises ZeroDivisionError for a step that takes no time."""
    batch = fmean(timed.batches)
    costs_more_to_hand_over = timed.from_worker - batch > batch
    if batch < TENTH * timed.step or costs_more_to_hand_over or timed.start > timed.epoch * batch:
        return 0
    headroom = QUARTER_MORE if pstdev(timed.batches) > VARIES * batch else 1.0
    quotient = math.ceil(round(headroom * batch / timed.step, DIGITS))
    if timed.batch_cpu < COMPUTE * batch:
        return quotient
    left_free = round(cores - timed.step_cpu / timed.step)
    return max(1, min(quotient, left_free))


def timed(workload: Workload) -> Timed:
    """What takes a reader some minutes, in half a second."""
    loader = workload.loader(0)
    made = chain.from_iterable(repeat(loader))
    batch = next(made)
    batches, batch_cpu = _paced(made)
    steps, step_cpu = _paced(workload.step(batch) for _ in repeat(None))
    began = time.perf_counter()
    sent = iter(workload.loader(1))
    next(sent)
    start = time.perf_counter() - began
    for _ in islice(sent, PREFETCHED):
        pass
    from_worker, _ = _paced(sent)
    epoch = len(loader) if workload.whole_epochs else math.inf
    return Timed(batches, batch_cpu, fmean(steps), step_cpu, fmean(from_worker or batches), start, epoch)


def _paced(things: Iterable[Any]) -> tuple[list[float], float]:
    """Seconds that each took to come, and the CPU-seconds of one, of all threads of this process."""
    each: Iterator[Any] = iter(things)
    taken: list[float] = []
    cpu = time.process_time()
    while len(taken) < LEAST or sum(taken) < SECONDS:
        began = time.perf_counter()
        try:
            next(each)
        except StopIteration:
            break
        taken.append(time.perf_counter() - began)
    return taken, (time.process_time() - cpu) / max(1, len(taken))
