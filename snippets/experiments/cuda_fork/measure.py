"""A worker that touches CUDA after its parent did: what happens under fork, and under spawn. Nothing is timed."""

from functools import partial

import torch
from torch.utils.data import DataLoader, Dataset

from snippets.lab.instruments import cuda
from snippets.lab.instruments.experiment import Experiment, Sample, needs_fork

MESSAGE = "Cannot re-initialize CUDA in forked subprocess"


class OnTheGpu(Dataset):
    """Items that their worker makes on the GPU: a mistake under fork."""

    def __len__(self) -> int:
        return 4

    def __getitem__(self, index: int) -> float:
        return float(torch.full((), index, device="cuda"))


def refused(method: str) -> Sample:
    """1 where the first batch ends in torch's error, 0 where it comes. Any other error is raised."""
    torch.ones(1, device="cuda")
    try:
        next(iter(DataLoader(OnTheGpu(), num_workers=1, multiprocessing_context=method)))
    except RuntimeError as error:
        if MESSAGE not in str(error):
            raise
        return Sample({"refused": 1.0})
    return Sample({"refused": 0.0})


def unavailable() -> str | None:
    return needs_fork() or cuda.missing()


EXPERIMENT = Experiment(
    question="Can a worker use CUDA when its parent has?",
    unit="counts",
    better=None,
    headline="",
    pitfalls="A parent that has not touched CUDA yet: then a forked worker may.",
    arms={method: partial(refused, method) for method in ("fork", "spawn")},
    params={"workers": 1},
    unavailable=unavailable,
    rounds=1,
    warmup=0,
)
