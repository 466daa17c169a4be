"""Items that several threads compute: torch's, in the main process and in workers that have one of them each, and those
of NumPy's BLAS, which workers keep unless it is told otherwise.
"""

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

from snippets.experiments.threads.arms import ALONE, FREE, HELPED, LIMITED
from snippets.lab.instruments.experiment import Arm, Experiment, Sample
from snippets.lab.instruments.starting import start_cheaply
from snippets.lab.instruments.timing import endless, time_for
from snippets.lab.machine.machine import this_machine

SIZE, BATCH_SIZE, SECONDS = 384, 4, 0.2
BLAS_SIZE, BLAS_WORKERS = 192, 2
LIMITS = ("OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS")
"""Where OpenBLAS looks for the number of its threads, once, when it is loaded."""

TASKS = Path("/proc/self/task")


class Products(Dataset):
    """Items whose cost is a matrix product, which torch divides among its threads."""

    def __init__(self) -> None:
        self.matrix = torch.ones(SIZE, SIZE)

    def __len__(self) -> int:
        return 256

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        product = self.matrix
        for _ in range(4):
            product = product @ self.matrix / SIZE
        return product[0], torch.get_num_threads()


def per_batch(num_workers: int) -> Sample:
    dataset = Products()
    loader = DataLoader(dataset, BATCH_SIZE, sampler=endless(dataset), num_workers=num_workers)
    seen: list[int] = []
    timed = time_for(loader, SECONDS, lambda batch: seen.extend(batch[1].tolist()))
    return Sample({**timed.values, "threads": float(max(seen))})


def blas() -> str:
    """Which BLAS this NumPy was built with: `scipy-openblas`, `accelerate`."""
    return np.show_config(mode="dicts")["Build Dependencies"]["blas"]["name"]


class NumpyProducts(Dataset):
    """Items whose cost is a matrix product, which NumPy's BLAS divides among its threads."""

    def __init__(self) -> None:
        self.matrix = np.ones((BLAS_SIZE, BLAS_SIZE))

    def __len__(self) -> int:
        return 256

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        product = self.matrix
        for _ in range(4):
            product = product @ self.matrix / BLAS_SIZE
        return torch.from_numpy(product[0].copy()), len([*TASKS.iterdir()]) if TASKS.exists() else 0


def per_numpy_batch() -> Sample:
    """`threads`: those of a worker's whole process, 0 where this system does not count them."""
    dataset = NumpyProducts()
    loader = DataLoader(dataset, 1, sampler=endless(dataset), num_workers=BLAS_WORKERS)
    seen: list[int] = []
    timed = time_for(loader, SECONDS, lambda batch: seen.extend(batch[1].tolist()))
    return Sample({**timed.values, "threads": float(max(seen))})


def told_by(process: ProcessPoolExecutor, limits: Mapping[str, str]) -> Sample:
    """What a process tells that is started at the first call, with these limits for its BLAS and no others."""
    before = dict(os.environ)
    try:
        for name in LIMITS:
            os.environ.pop(name, None)
        os.environ.update(limits)
        told = process.submit(per_numpy_batch)
    finally:
        os.environ.clear()
        os.environ.update(before)
    return told.result()


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    # Left to itself, a spawned process spawns its own workers, which takes seconds each time.
    process = partial(ProcessPoolExecutor, 1, get_context("spawn"), start_cheaply, (__name__,))
    with process() as free, process() as limited:
        yield {
            ALONE: partial(per_batch, 0),
            HELPED: partial(per_batch, 1),
            FREE: partial(told_by, free, {}),
            LIMITED: partial(told_by, limited, {"OPENBLAS_NUM_THREADS": "1"}),
        }


EXPERIMENT = Experiment(
    question="With how many threads does a worker compute, and what if it is more than one?",
    unit="s",
    better="lower",
    headline="per_batch",
    pitfalls="Items that a library computes with one thread: for those, 0 and 1 workers are the same compute, and "
    "there are no threads to limit. A BLAS whose threads were limited already, by the environment.",
    arms=arms,
    again=HELPED,
    rounds=3,
    params={
        "size": SIZE,
        "batch_size": BATCH_SIZE,
        "seconds": SECONDS,
        "main_threads": torch.get_num_threads(),
        "cpus": this_machine().affinity,
        "blas": blas(),
        "blas_size": BLAS_SIZE,
        "blas_workers": BLAS_WORKERS,
    },
    any_start=True,
)
