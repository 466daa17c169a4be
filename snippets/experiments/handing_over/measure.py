"""The same megabytes as one tensor, as many, and as Python objects: what it takes to hand a batch over."""

import multiprocessing
import time
from functools import partial
from multiprocessing.synchronize import Event

import torch
from torch.utils.data import DataLoader, Dataset

from snippets.experiments.handing_over.arms import IN_PYTHON, WAITING, alone, floats, handed
from snippets.lab.instruments.experiment import Experiment, Sample
from snippets.lab.instruments.timing import time_for
from snippets.pages.what_a_worker_costs.few_large_tensors import Batches

PIECES = (1, 16, 256)
BESIDE_PIECES = 16
FLOATS = 50_000
SECONDS = 0.2


class Numbers(Dataset):
    """Each item is a batch of Python floats in a list."""

    def __init__(self, count: int) -> None:
        self.count = count

    def __len__(self) -> int:
        return len(Batches(1))

    def __getitem__(self, index: int) -> list[float]:
        return [float(index)] * self.count


class BesideWork(Dataset):
    """Item 0 is a batch of tensors; after it the worker works on item 1 until it may end: in Python, or by waiting."""

    def __init__(self, in_python: bool) -> None:
        self.in_python = in_python
        self.began, self.may_end = multiprocessing.Event(), multiprocessing.Event()

    def __len__(self) -> int:
        return 2

    def __getitem__(self, index: int) -> list[torch.Tensor]:
        if index:
            self.began.set()
            work(self.may_end) if self.in_python else self.may_end.wait()
        return [torch.zeros(1000) for _ in range(BESIDE_PIECES)]


def work(may_end: Event) -> None:
    """Holds the worker's interpreter, as an item does that is made by a loop in Python."""
    while not may_end.is_set():
        sum(range(10_000))


def received(in_python: bool) -> Sample:
    """`per_batch`, seconds to receive the first batch, which is ready, while its worker works on the next one."""
    dataset = BesideWork(in_python)
    batches = iter(DataLoader(dataset, batch_size=None, num_workers=1))
    dataset.began.wait()
    time.sleep(SECONDS)  # the worker's feeder thread sends the batch
    asked, cpu = time.perf_counter(), time.thread_time()
    next(batches)
    took, took_cpu = time.perf_counter() - asked, time.thread_time() - cpu
    dataset.may_end.set()
    del batches
    return Sample({"per_batch": took, "main_cpu": took_cpu})


def per_batch(dataset: Dataset, num_workers: int) -> Sample:
    loader = DataLoader(dataset, batch_size=None, sampler=[0] * 10_000, num_workers=num_workers)
    return time_for(loader, SECONDS)


EXPERIMENT = Experiment(
    question="What does it take to hand a batch over, in few large pieces and in many small ones?",
    unit="s",
    better="lower",
    headline="per_batch",
    pitfalls=(
        "Counting what it takes to make the batch: main makes the same ones without a worker, for comparison; the "
        "way in which tensors are shared, which is one file descriptor each here and can be changed."
    ),
    arms={
        **{alone(count): partial(per_batch, Batches(count), 0) for count in PIECES},
        **{handed(count): partial(per_batch, Batches(count), 1) for count in PIECES},
        floats(FLOATS): partial(per_batch, Numbers(FLOATS), 1),
        WAITING: partial(received, False),
        IN_PYTHON: partial(received, True),
    },
    again=handed(16),
    rounds=3,
    warmup=0,
    params={
        "pieces": [*PIECES],
        "bytes": 4_000_000,
        "floats": FLOATS,
        "beside_pieces": BESIDE_PIECES,
        "sharing": torch.multiprocessing.get_sharing_strategy(),
    },
    any_start=True,
)
