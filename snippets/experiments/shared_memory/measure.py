"""How much of /dev/shm a loader fills while its loop takes no batch, and how much the tensors of its dataset."""

import sys
from functools import partial
from pathlib import Path

import torch
from torch.utils.data import DataLoader, Dataset

from snippets.experiments.shared_memory.arms import CASES, HELD, arm
from snippets.lab.instruments.experiment import Experiment, Sample
from snippets.pages.what_a_worker_costs.shared_memory import megabytes_ahead, used

BATCH_SIZE = 8
BATCH_BYTES = BATCH_SIZE * 3 * 224 * 224 * 4
HELD_BYTES, HELD_WORKERS = 20_000_000, 2


class Holding(Dataset):
    """A dataset that holds its items in one tensor."""

    def __init__(self) -> None:
        self.held = torch.ones(HELD_BYTES, dtype=torch.uint8)

    def __len__(self) -> int:
        return len(self.held)

    def __getitem__(self, index: int) -> int:
        return int(self.held[index])


def filled(num_workers: int, prefetch_factor: int) -> Sample:
    """Bytes, once the workers have nothing more to do."""
    return Sample({"bytes": 1e6 * megabytes_ahead(num_workers, prefetch_factor, BATCH_SIZE)})


def filled_by_the_dataset() -> Sample:
    """Bytes, once workers of a fork server have been sent the dataset: each is sent a pickle of it."""
    loader = DataLoader(Holding(), num_workers=HELD_WORKERS, multiprocessing_context="forkserver")
    before = used()
    batches = iter(loader)
    held = used() - before
    del batches
    return Sample({"bytes": float(held)})


def unavailable() -> str | None:
    if sys.platform != "linux" or not Path("/dev/shm").is_dir():
        return "this system has no /dev/shm"
    return None


EXPERIMENT = Experiment(
    question="How much shared memory do the batches take that were loaded ahead, and the tensors of a dataset?",
    unit="bytes",
    better="lower",
    headline="bytes",
    pitfalls="Another process that fills or frees /dev/shm meanwhile; looking before the workers are done.",
    arms={
        **{arm(*case): partial(filled, *case) for case in CASES},
        HELD: filled_by_the_dataset,
    },
    params={"batch_bytes": BATCH_BYTES, "held_bytes": HELD_BYTES, "held_workers": HELD_WORKERS},
    unavailable=unavailable,
    rounds=1,
    warmup=0,
)
