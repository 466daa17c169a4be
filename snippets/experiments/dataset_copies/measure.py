"""How much of a dataset a worker holds for itself: nothing, a copy, or a share, by start method and type."""

import gc
import multiprocessing
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

from snippets.experiments.dataset_copies.arms import KINDS, METHODS, PRELOADED, arm
from snippets.lab.instruments.experiment import Arm, Experiment, Sample, needs_fork
from snippets.lab.instruments.process_memory import process_memory

SIZE = 100_000_000


class Array(Dataset):
    """A dataset that holds `size` bytes, reads all its pages, and answers with its process's private bytes."""

    def __init__(self, kind: str) -> None:
        if kind == "numpy":
            self.data = np.ones(SIZE, dtype=np.uint8)
        elif kind == "torch":
            self.data = torch.ones(SIZE, dtype=torch.uint8)
        else:
            self.data = np.ones(1, dtype=np.uint8)

    def __len__(self) -> int:
        return 2

    def __getitem__(self, index: int) -> torch.Tensor:
        int(self.data[::4096].sum())
        return torch.tensor(process_memory(os.getpid()).uss)


def private_bytes(method: str, kind: str) -> Sample:
    """Nothing is left to collect when the worker starts: to collect all garbage is to write to the pages of all
    objects, and a forked worker that does so gets a copy of them. Whether it falls due in the worker is chance.
    """
    gc.collect()
    loader = DataLoader(Array(kind), batch_size=1, num_workers=1, multiprocessing_context=method)
    return Sample({"private": max(float(batch) for batch in loader)})


def preload() -> None:
    """In the process that will ask the fork server: it imports this module, and so torch."""
    multiprocessing.set_forkserver_preload([__name__])


def preloaded(process: ProcessPoolExecutor, kind: str) -> Sample:
    return process.submit(private_bytes, "forkserver", kind).result()


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    runs: dict[str, Arm] = {
        arm(method, kind): partial(private_bytes, method, kind)
        for method in METHODS
        for kind in KINDS
        if method != PRELOADED
    }
    # This process has a fork server of its own, which has imported nothing.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), preload) as process:
        yield {**runs, **{arm(PRELOADED, kind): partial(preloaded, process, kind) for kind in KINDS}}


def unavailable() -> str | None:
    if not Path("/proc/self/smaps_rollup").exists():
        return "this system does not report private memory (/proc/self/smaps_rollup, Linux 4.14)"
    return needs_fork()


EXPERIMENT = Experiment(
    question="Does each worker hold a full copy of the dataset?",
    unit="bytes private to the worker",
    better="lower",
    headline="private",
    pitfalls=(
        "RSS, which counts shared pages in every process; a dataset of many small Python objects, whose "
        "reference counts make fork copy them after all (see memory); a dataset that is written to."
    ),
    arms=arms,
    params={"dataset_bytes": SIZE, "workers": 1},
    unavailable=unavailable,
    afresh=True,
    rounds=1,
    warmup=0,
)
