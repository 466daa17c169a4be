"""What main and two workers hold over an epoch: names as Python objects and names packed in an array."""

import multiprocessing
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from torch.utils.data import DataLoader, Dataset

from snippets.experiments.memory.arms import OBJECTS, PACKED
from snippets.lab.instruments.experiment import Arm, Experiment, Sample
from snippets.lab.instruments.process_memory import process_memory
from snippets.pages.helper_sprites.memory_goblins import Hoard, PackedHoard

NAMES, WORKERS, BATCH_SIZE, LOOKS = 200_000, 2, 1_000, 10


def epoch(dataset: Dataset) -> Sample:
    """PSS (shared pages split among their holders) and USS (private pages) in bytes, ten times an epoch."""
    values = {}
    loader = DataLoader(dataset, BATCH_SIZE, num_workers=WORKERS, multiprocessing_context="fork")
    batches = len(loader)
    looks = {round(k * (batches - 1) / LOOKS): k for k in range(LOOKS + 1)}
    for number, _ in enumerate(loader):
        if number in looks:
            main = process_memory(os.getpid())
            workers = [process_memory(child.pid) for child in multiprocessing.active_children() if child.pid]
            values[f"pss_{looks[number]}"] = float(main.pss + sum(worker.pss for worker in workers))
            values[f"uss_{looks[number]}"] = float(sum(worker.uss for worker in workers))
    return Sample(values)


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    names = (f"sprites/goblin/{number:07}.png" for number in range(NAMES))
    hoard = Hoard(names)
    yield {OBJECTS: partial(epoch, hoard), PACKED: partial(epoch, PackedHoard(hoard.names))}


def unavailable() -> str | None:
    if not Path("/proc/self/smaps_rollup").exists():
        return "this system does not report PSS and USS (/proc/self/smaps_rollup, Linux 4.14)"
    return None


EXPERIMENT = Experiment(
    question="How does the memory of main and workers grow over an epoch when they only read the dataset?",
    unit="bytes",
    better="lower",
    headline=f"pss_{LOOKS}",
    pitfalls=(
        "RSS, which counts a shared page once per process; spawn and forkserver, where nothing is shared to "
        "begin with; an order of access other than the sequential one here, which reaches the end sooner."
    ),
    arms=arms,
    again=PACKED,
    params={
        "names": NAMES,
        "workers": WORKERS,
        "batch_size": BATCH_SIZE,
        "looks": LOOKS,
        "start_method": "fork",
    },
    unavailable=unavailable,
    afresh=True,
    rounds=2,
)
