"""A worker that touches CUDA after its parent did, or only asked about it: what happens under fork, and under spawn.
Nothing is timed.
"""

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import torch
from torch.utils.data import DataLoader, Dataset

from snippets.experiments.cuda_fork.arms import ASKED, FORK, SPAWN
from snippets.lab.instruments import cuda
from snippets.lab.instruments.experiment import Experiment, Sample, needs_fork

MESSAGE = "Cannot re-initialize CUDA in forked subprocess"


class OnTheGpu(Dataset):
    """Items that their worker makes on the GPU: a mistake under fork."""

    def __len__(self) -> int:
        return 4

    def __getitem__(self, index: int) -> float:
        return float(torch.full((), index, device="cuda"))


def refused(method: str) -> float:
    """1 where the first batch ends in torch's error, 0 where it comes. Any other error is raised."""
    try:
        next(iter(DataLoader(OnTheGpu(), num_workers=1, multiprocessing_context=method)))
    except RuntimeError as error:
        if MESSAGE not in str(error):
            raise
        return 1.0
    return 0.0


def after_use(method: str) -> Sample:
    torch.ones(1, device="cuda")
    return Sample({"refused": refused(method)})


def ask_and_fork(question: str) -> dict[str, float]:
    """`refused`, and `nvml`: 1 where NVML counts the GPUs. For a process that has asked nothing before."""
    # With it, is_available asks as device_count does.
    os.environ.pop("PYTORCH_NVML_BASED_CUDA_CHECK", None)
    counted = torch.cuda._device_count_nvml()
    getattr(torch.cuda, question)()
    return {"refused": refused(FORK), "nvml": float(counted >= 0)}


def after_asking(question: str) -> Sample:
    """In a new process: this one has asked whether it can measure at all."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as fresh:
        return Sample(fresh.submit(ask_and_fork, question).result())


def unavailable() -> str | None:
    return needs_fork() or cuda.missing()


EXPERIMENT = Experiment(
    question="Can a worker use CUDA when its parent has, or has only asked whether it can?",
    unit="counts",
    better=None,
    headline="",
    pitfalls=(
        "A parent that has not touched CUDA yet: then a forked worker may. One that has asked more than is said: each "
        "that only asks is a new process."
    ),
    arms={
        **{method: partial(after_use, method) for method in (FORK, SPAWN)},
        **{arm: partial(after_asking, question) for arm, question in ASKED.items()},
    },
    params={"workers": 1},
    unavailable=unavailable,
    rounds=1,
    warmup=0,
)
