"""What CUDA costs in a spawned worker, in seconds and GPU memory; and what it makes of starting forked ones."""

import multiprocessing
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial

import torch
from torch.utils.data import DataLoader, Dataset

from snippets.experiments.cuda_workers.arms import AFTER, BEFORE, WITH, WITHOUT
from snippets.lab.instruments import cuda
from snippets.lab.instruments.experiment import Arm, Experiment, Sample, needs_fork
from snippets.lab.instruments.gpu_bus import across_a_bus

WORKERS = 8
"""Of those that are forked."""


class Items(Dataset):
    """CPU tensors, which their worker makes on `device`."""

    def __init__(self, device: str) -> None:
        self.device = device

    def __len__(self) -> int:
        return WORKERS

    def __getitem__(self, index: int) -> torch.Tensor:
        return torch.full((), float(index), device=self.device).cpu()


def free() -> int:
    """Bytes of the GPU's memory that no process holds."""
    return torch.cuda.mem_get_info()[0]


def spawned(device: str) -> Sample:
    """Values: `first_batch` in s; `gpu_bytes` that the worker then holds; `bus`, whether that memory is its own."""
    before = free()  # makes the context of this process, where there is none yet
    start = time.perf_counter()
    batches = iter(DataLoader(Items(device), num_workers=1, multiprocessing_context="spawn"))
    next(batches)
    took = time.perf_counter() - start
    return Sample({"first_batch": took, "gpu_bytes": float(before - free()), "bus": float(across_a_bus())})


def seconds_to_first_batch() -> float:
    start = time.perf_counter()
    batches = iter(DataLoader(Items("cpu"), num_workers=WORKERS, multiprocessing_context="fork"))
    next(batches)
    return time.perf_counter() - start


def later_start() -> float:
    """The first start in a process also loads what all later ones have."""
    seconds_to_first_batch()
    return seconds_to_first_batch()


def use_cuda() -> None:
    torch.ones(1, device="cuda")


def forked(process: ProcessPoolExecutor) -> Sample:
    return Sample({"first_batch": process.submit(later_start).result()})


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    # Forks in two processes of their own: the one that measures has used CUDA.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, spawn) as without, ProcessPoolExecutor(1, spawn, use_cuda) as used:
        yield {
            WITHOUT: partial(spawned, "cpu"),
            WITH: partial(spawned, "cuda"),
            BEFORE: partial(forked, without),
            AFTER: partial(forked, used),
        }


def unavailable() -> str | None:
    return needs_fork() or cuda.missing()


EXPERIMENT = Experiment(
    question="What does CUDA cost in a worker, and does it make forking workers slower?",
    unit="s",
    better="lower",
    headline="first_batch",
    pitfalls=(
        "The main process’s own context, which would count as the worker’s (it is there before); another process that "
        "takes or gives back memory of the same GPU meanwhile; ending the workers, which is no part of their start."
    ),
    arms=arms,
    again=BEFORE,
    rounds=3,
    warmup=0,
    params={"workers": WORKERS},
    unavailable=unavailable,
)
