"""Items that wait, compute, do both, or lie in memory: throughput at rising counts of workers."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from torch.utils.data import DataLoader, Dataset

from snippets.experiments.rules_of_thumb import Facts, counts
from snippets.experiments.scaling.arms import COUNTS, arm
from snippets.experiments.workloads import WAIT_SECONDS, datasets, whole_turns
from snippets.lab.instruments.experiment import Arm, Experiment, Sample
from snippets.lab.instruments.timing import endless, time_loader
from snippets.lab.machine.machine import this_machine

BATCH_SIZE, ROWS = 4, 256
WINDOWS = {"waiting": 16, "computing": 24, "both": 16, "in memory": 48}
"""Batches that are timed, at least."""

MACHINE = this_machine()
FACTS = Facts(MACHINE.cores, max(1, int(MACHINE.cores_usable)), 1 if MACHINE.gpu else 0, BATCH_SIZE)
TRIED = sorted({*COUNTS, *counts(FACTS)})


def throughput(dataset: Dataset, num_workers: int, batch_size: int, window: int) -> Sample:
    """`window` batches, or as many more as make it a multiple of the workers."""
    loader = DataLoader(dataset, batch_size, sampler=endless(dataset), num_workers=num_workers)
    return time_loader(loader, whole_turns(window, num_workers))


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    runs = {
        (kind, count): partial(throughput, dataset, count, ROWS if kind == "in memory" else BATCH_SIZE, WINDOWS[kind])
        for kind, dataset in datasets().items()
        for count in TRIED
    }
    for (_, count), run in runs.items():
        if count <= 1:  # nothing is left for a second worker to warm up
            run()
    yield {arm(*each): run for each, run in runs.items()}


EXPERIMENT = Experiment(
    question="Up to which count does another worker help: items that wait, that compute, that do both?",
    unit="samples/s",
    better="higher",
    headline="throughput",
    pitfalls=(
        "A nominal core count taken for capacity; counting the first batches, which prefetching made ready; "
        "calling sleep a model of decoding; a busy neighbour, which the capacity measured in each round shows; "
        "one batch size and one size of item, for the best count depends on both."
    ),
    arms=arms,
    again=arm("computing", 2),
    warmup=0,
    params={
        "batch_size": BATCH_SIZE,
        "batch_size in memory": ROWS,
        **{f"window, {kind}": window for kind, window in WINDOWS.items()},
        "wait_seconds": WAIT_SECONDS,
        "counts": [*TRIED],
        "cpu_count": FACTS.cpu_count,
        "cores": FACTS.cores,
        "gpus": FACTS.gpus,
    },
    any_start=True,
)
