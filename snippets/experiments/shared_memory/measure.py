"""How much of /dev/shm a loader fills before anybody has asked for a batch."""

import sys
from functools import partial
from pathlib import Path

from snippets.lab.experiment import Experiment, Sample, no_preparation
from snippets.what_a_worker_costs.shared_memory import megabytes_ahead

BATCH_SIZE = 8
BATCH_BYTES = BATCH_SIZE * 3 * 224 * 224 * 4
CASES = ((1, 2), (2, 2), (4, 2), (2, 4))


def filled(num_workers: int, prefetch_factor: int) -> Sample:
    """Bytes, once the workers have nothing more to do."""
    return Sample({"bytes": 1e6 * megabytes_ahead(num_workers, prefetch_factor, BATCH_SIZE)})


def unavailable() -> str | None:
    if sys.platform != "linux" or not Path("/dev/shm").is_dir():
        return "this system has no /dev/shm"
    return None


EXPERIMENT = Experiment(
    question="How much shared memory do the batches take that were loaded ahead?",
    unit="bytes",
    better="lower",
    headline="bytes",
    pitfalls="Another process that fills or frees /dev/shm meanwhile; looking before the workers are done.",
    arms=partial(
        no_preparation,
        {f"{workers} workers, prefetch_factor={factor}": partial(filled, workers, factor) for workers, factor in CASES},
    ),
    params={"batch_bytes": BATCH_BYTES},
    unavailable=unavailable,
    rounds=1,
    warmup=0,
)
