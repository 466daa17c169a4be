"""What none and one worker cost, and what the loader's model makes of it for more of them, beside real loaders."""

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from statistics import geometric_mean, mean
from typing import Any

from torch.utils.data import DataLoader, IterableDataset

from snippets.experiments.predictions.arms import COUNTS, measured, predicted
from snippets.experiments.predictions.calibration import calibrated
from snippets.experiments.varied_workloads import WORKLOADS, Workload
from snippets.experiments.workloads import WAIT_SECONDS
from snippets.lab.instruments.experiment import Arm, Experiment, Sample
from snippets.lab.loader_model import simulate
from snippets.lab.machine.machine import this_machine
from snippets.lab.machine.thread_clock import thread_clock_is_fine

PREFETCH = 2
"""Batches that are prepared for each worker: the default."""
STEPS, BATCHES = 8, 32
"""So many are loaded without workers, and with one, before anything is predicted."""
ALWAYS = "waits"
"""The workload that is measured on every day, for its arm runs twice in each round."""


def batches(workload: Workload, count: int) -> list[list[int]]:
    """Indices of so many batches. After as many as are loaded with one worker come the same again: their costs are
    known.
    """
    if isinstance(workload.dataset, IterableDataset):
        return [[]] * count
    draw = random.Random(0)
    items = range(len(workload.dataset))  # pyrefly: ignore[bad-argument-type]  (all others have a length)
    drawn = [draw.choices(items, k=workload.batch_size) for _ in range(BATCHES)]
    return [drawn[number % BATCHES] for number in range(count)]


def length(workload: Workload, num_workers: int) -> int:
    """Batches of an epoch: in steady state, each worker makes five or more."""
    return 8 if workload.whole_epochs else max(BATCHES, (2 * PREFETCH + 1 + 5) * num_workers)


def delivered(workload: Workload, num_workers: int) -> list[float]:
    """Seconds from asking for an epoch to each of its batches."""
    indices = batches(workload, length(workload, num_workers))
    streams = isinstance(workload.dataset, IterableDataset)
    order: dict[str, Any] = {"batch_size": workload.batch_size} if streams else {"batch_sampler": indices}
    loader = DataLoader(workload.dataset, num_workers=num_workers, collate_fn=workload.collate, **order)
    began, times = time.perf_counter(), []
    loading = iter(loader)
    for _ in indices:
        batch = next(loading)
        times.append(time.perf_counter() - began)
        workload.step(batch)
    return times


def pace(times: Sequence[float], num_workers: int, whole: bool) -> float:
    """Batches per second: in the steady state, over whole turns of the workers, or of a whole epoch.

    The first (prefetch_factor + 1) x num_workers are left out, and the last ones, after which nothing is assigned.
    """
    if whole:
        return len(times) / times[-1]
    first = (PREFETCH + 1) * num_workers
    turns = (len(times) - PREFETCH * num_workers - first) // num_workers
    return turns * num_workers / (times[first - 1 + turns * num_workers] - times[first - 1])


def compared(workload: Workload, counts: Sequence[int], cores: float) -> Sample:
    """Values for each count, measured and predicted: `throughput` in samples/s, `first batch` in s since the epoch was
    asked for; `deliveries`, how far off the predicted ones are in the mean, as a share of the epoch. `throughput`: the
    geometric mean of measured over predicted.
    """
    values: dict[str, float] = {}
    with workload.in_main():
        costs = calibrated(workload, batches(workload, length(workload, 1)), STEPS, cores)
        for count in counts:
            real, epoch = delivered(workload, count), range(length(workload, count))
            same = [costs.batches[number % len(costs.batches)] for number in epoch]
            model = simulate(same, replace(costs.loader, num_workers=count))
            for name, times in ((measured, real), (predicted, model)):
                values[name("throughput", count)] = workload.batch_size * pace(times, count, workload.whole_epochs)
                values[name("first batch", count)] = times[0]
            off = mean(abs(at - then) for at, then in zip(real, model, strict=True))
            values[measured("deliveries", count)] = off / real[-1]
    ratios = [values[measured("throughput", count)] / values[predicted("throughput", count)] for count in counts]
    return Sample(values | {"throughput": geometric_mean(ratios)})


@contextmanager
def arms(names: Sequence[str], counts: Sequence[int]) -> Iterator[Mapping[str, Arm]]:
    for name in names:
        delivered(WORKLOADS[name], 0)  # from now on its pages are warm
    yield {name: partial(compared, WORKLOADS[name], counts, MACHINE.cores_usable) for name in names}


def unavailable() -> str | None:
    """On Windows a thread's clock ticks every 16 ms: as long as a batch."""
    if thread_clock_is_fine():
        return None
    return "this system's clock of a thread is too coarse to tell what a batch computes"


MACHINE = this_machine()
EXPERIMENT = Experiment(
    question="How far off is the loader's model, which knows what none and one worker cost, for more of them?",
    unit="of the predicted throughput",
    better="higher",
    headline="throughput",
    pitfalls=(
        "A model that is fitted to what it should predict; batches whose costs are drawn anew, where they vary; a "
        "neighbour that comes between calibrating and measuring; cores that are threads of one core, and slow each "
        "other down."
    ),
    arms=partial(arms, [*WORKLOADS], COUNTS),
    again=ALWAYS,
    warmup=0,
    rounds=3,
    params={
        "drawn_on": "every day",
        "counts": [*COUNTS],
        "wait_seconds": WAIT_SECONDS,
        "steps": STEPS,
        "batches": BATCHES,
        "prefetch": PREFETCH,
        "cores": MACHINE.cores_usable,
    },
    unavailable=unavailable,
    any_start=True,
)
