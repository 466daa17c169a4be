"""What each argument of a DataLoader does, as far as it can be counted."""

import multiprocessing
import os
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import torch
from torch.utils.data import DataLoader, Dataset, IterableDataset, SequentialSampler

from snippets.experiments.counting_datasets import Fetches, Makers
from snippets.experiments.knobs import arms
from snippets.lab.instruments.experiment import Experiment, Sample
from snippets.pages.arguments.batched_fetch import BatchedTable, Table

WORKERS, EPOCHS = 2, 3


class Parts(IterableDataset):
    """Ten items from each worker."""

    def __iter__(self) -> Iterator[int]:
        return iter(range(10))


class NotedSampler(SequentialSampler):
    """Counts who runs it: the process that made it, and others, which have a copy of it."""

    def __init__(self, dataset: Dataset) -> None:
        super().__init__(dataset)  # pyrefly: ignore[bad-argument-type]
        self.made_by = os.getpid()
        self.main = multiprocessing.Value("i", 0)
        self.others = multiprocessing.Value("i", 0)

    def __iter__(self) -> Iterator[int]:
        runs = self.main if os.getpid() == self.made_by else self.others
        with runs.get_lock():
            runs.value += 1
        return super().__iter__()


class Count:
    """As `worker_init_fn`: counts its calls over all processes."""

    def __init__(self) -> None:
        self.calls = multiprocessing.Value("i", 0)

    def __call__(self, worker: int) -> None:
        with self.calls.get_lock():
            self.calls.value += 1


def questions(table: Table) -> Sample:
    """Questions for ten batches of 100 rows."""
    for _ in DataLoader(table, batch_size=100):
        pass
    return Sample({"questions": float(table.questions)})


def sampler() -> Sample:
    """Processes other than main that run the sampler."""
    dataset = Makers(16)
    noted = NotedSampler(dataset)
    for _ in DataLoader(dataset, 4, sampler=noted, num_workers=WORKERS):
        pass
    return Sample({"others": float(noted.others.value), "main": float(noted.main.value)})


def initialised(persistent: bool) -> Sample:
    """Calls of `worker_init_fn` in three epochs with 2 workers."""
    count = Count()
    loader = DataLoader(Makers(4), num_workers=WORKERS, worker_init_fn=count, persistent_workers=persistent)
    for _ in range(EPOCHS):
        for _ in loader:
            pass
    return Sample({"calls": float(count.calls.value)})


def ahead() -> Sample:
    """Batches that 2 workers load with prefetch_factor=3 before the first one is asked for."""
    dataset = Fetches(100)
    batches = iter(DataLoader(dataset, num_workers=WORKERS, prefetch_factor=3))
    fetched = dataset.settled(6)
    del batches
    return Sample({"batches": float(fetched)})


def dropped() -> Sample:
    """Batches of 4 from 2 workers with ten items each."""
    kept, whole = (len([*DataLoader(Parts(), 4, num_workers=WORKERS, drop_last=drop)]) for drop in (False, True))
    return Sample({"with_last": float(kept), "without": float(whole)})


class Late(Dataset):
    """An item that comes after the timeout. Its worker ends with it: main waits for that up to 5 s."""

    def __len__(self) -> int:
        return 1

    def __getitem__(self, index: int) -> int:
        time.sleep(2)
        return index


def timed_out() -> Sample:
    """Errors that say so."""
    errors = 0
    try:
        for _ in DataLoader(Late(), num_workers=1, timeout=1):
            pass
    except RuntimeError as error:
        errors += "timed out after 1 seconds" in str(error)
    return Sample({"errors": float(errors)})


def refused() -> Sample:
    """Errors of settings that need workers, without any: at which line they come."""
    made, iterated = 0, 0
    impossible: tuple[dict[str, Any], ...] = (
        {"prefetch_factor": 2},
        {"persistent_workers": True},
        {"timeout": 1},
        {"prefetch_factor": 0},
    )
    for settings in impossible:
        workers = WORKERS if settings == {"prefetch_factor": 0} else 0
        try:
            loader = DataLoader(Makers(4), num_workers=workers, **settings)
        except ValueError:
            made += 1
            continue
        try:
            next(iter(loader))
        except Exception:
            iterated += 1
    return Sample({"when_made": float(made), "when_used": float(iterated)})


def left() -> Sample:
    """Workers that live on after a loop was left, and a moment before."""
    before = {*multiprocessing.active_children()}
    during = set()
    for _ in DataLoader(Makers(400), num_workers=WORKERS):
        during = {*multiprocessing.active_children()} - before
        break
    after = {*multiprocessing.active_children()} - before
    return Sample({"during": float(len(during)), "after": float(len(after))})


def cut_off() -> Sample:
    """Batches that are fetched for nothing when a loop with persistent workers is left after its first batch."""
    dataset = Fetches(400)
    loader = DataLoader(dataset, num_workers=WORKERS, persistent_workers=True)
    for _ in loader:
        break
    fetched = dataset.settled(5)
    time.sleep(0.1)
    return Sample({"batches": float(fetched - 1)})


def seeds() -> Sample:
    """Different base seeds in two epochs of one loader, of one that keeps its worker, and of two loaders whose
    generators are seeded alike.
    """

    def seed(loader: DataLoader) -> int:
        return int(next(iter(loader)))

    loader = DataLoader(Seeds(), num_workers=1)
    kept = DataLoader(Seeds(), num_workers=1, persistent_workers=True)
    alike = [DataLoader(Seeds(), num_workers=1, generator=torch.Generator().manual_seed(0)) for _ in range(2)]
    return Sample(
        {
            "of_two_epochs": float(len({seed(loader), seed(loader)})),
            "of_two_kept_epochs": float(len({seed(kept), seed(kept)})),
            "of_two_alike": float(len({seed(each) for each in alike})),
        }
    )


class Seeds(Dataset):
    """The seed of the process that fetches."""

    def __len__(self) -> int:
        return 1

    def __getitem__(self, index: int) -> int:
        return torch.initial_seed()


EXPERIMENT = Experiment(
    question="What does each argument of a DataLoader do that can be counted?",
    unit="counts",
    better=None,
    headline="",
    pitfalls="Counting too early: what is loaded ahead is counted once its number has stood still for 0.3 s.",
    arms={
        arms.ITEM_BY_ITEM: lambda: questions(Table()),
        arms.BATCH_BY_BATCH: lambda: questions(BatchedTable()),
        arms.SAMPLER: sampler,
        arms.INIT: partial(initialised, False),
        arms.INIT_PERSISTENT: partial(initialised, True),
        arms.AHEAD: ahead,
        arms.DROP_LAST: dropped,
        arms.TIMEOUT: timed_out,
        arms.WITHOUT_WORKERS: refused,
        arms.BREAK: left,
        arms.BREAK_PERSISTENT: cut_off,
        arms.GENERATOR: seeds,
    },
    params={"workers": WORKERS, "epochs": EPOCHS},
    rounds=1,
    warmup=0,
)
