"""The count that the procedure chooses, beside the counts that were tried: six workloads, each with its step."""

import contextlib
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import torch
from torch.utils.data import DataLoader, Dataset

from snippets.experiments.choosing.arms import CANNOT_TELL, as_chosen, tried
from snippets.experiments.workloads import WAIT_SECONDS, datasets, whole_turns
from snippets.lab.instruments.experiment import Arm, Experiment, Sample
from snippets.lab.instruments.starting import cheapest
from snippets.lab.instruments.timing import endless, time_loader
from snippets.pages.choose_num_workers.choose import choose_num_workers

COUNTS = (0, 1, 2, 4)
STEPS = 12
SETTINGS = {
    "waiting": (4, 0.003),
    "computing": (4, 0.007),
    "both": (4, 0.007),
    "in memory": (512, 0.004),
    "large items": (1, 0.001),
    "many tensors": (8, 0.003),
}
"""Items of a batch, and seconds of a step."""
RACE_SECONDS = 10
"""A sixth of what the function is given if nothing is said. So its runs are shorter, too: a sixth of a second."""
TRIES = 2
SIDE, PIECES = 1024, 30
"""Pixels along each side of a large item, which has 3 float32 channels (12.6 MB), and tensors of an item of many."""


class LargeItems(Dataset):
    """Made in one pass over memory that the process has already. A worker copies each into fresh shared memory."""

    def __len__(self) -> int:
        return 1024

    def __getitem__(self, index: int) -> torch.Tensor:
        return torch.full((3, SIDE, SIDE), float(index))


class ManyTensors(Dataset):
    """Each tensor of a batch is handed over by itself."""

    def __len__(self) -> int:
        return 4096

    def __getitem__(self, index: int) -> list[torch.Tensor]:
        return [torch.full((8,), float(index)) for _ in range(PIECES)]


def alone(items: list[Any]) -> Any:
    """Of a batch of one the item itself: nothing is stacked."""
    return items[0]


@dataclass(frozen=True)
class Workload:
    """What is loaded for each step, and how long the step takes."""

    dataset: Dataset
    batch_size: int
    step_seconds: float

    def step(self, batch: Any) -> None:
        """A timed wait: unlike most steps, it leaves every core to the workers."""
        time.sleep(self.step_seconds)

    def loader(self, num_workers: int) -> DataLoader:
        collate = alone if self.batch_size == 1 else None
        sampler = endless(self.dataset)
        return DataLoader(self.dataset, self.batch_size, sampler=sampler, num_workers=num_workers, collate_fn=collate)

    def rate(self, num_workers: int) -> Sample:
        """In the steady state, over a multiple of the workers."""
        return time_loader(self.loader(num_workers), whole_turns(STEPS, num_workers), self.step)

    def choose(self) -> int | None:
        """What readers are told to do; asked once more where it cannot tell, as readers would."""
        with contextlib.redirect_stdout(sys.stderr), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            answers = (choose_num_workers(self.loader(0), self.step, seconds=RACE_SECONDS) for _ in range(TRIES))
            return next((count for count in answers if count is not None), None)


def rate_as_chosen(workload: Workload, choose: Callable[[], int | None]) -> Sample:
    """With the count that `choose` gave when it was first asked: that takes seconds, so it is done once in a pass."""
    count = choose()
    if count is None:
        return Sample({**workload.rate(0).values, "chosen": CANNOT_TELL})
    return Sample({**workload.rate(count).values, "chosen": count})


def workloads() -> dict[str, Workload]:
    every = {**datasets(), "large items": LargeItems(), "many tensors": ManyTensors()}
    return {name: Workload(dataset, *SETTINGS[name]) for name, dataset in every.items()}


def unavailable() -> str | None:
    """A race starts workers some hundred times."""
    return "its races would take half an hour where workers can only be spawned" if cheapest() == "spawn" else None


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    runs: dict[str, Callable[[], Sample]] = {}
    for name, workload in workloads().items():
        workload.rate(0)  # from now on its pages are warm
        runs |= {tried(name, count): partial(workload.rate, count) for count in COUNTS}
        runs[as_chosen(name)] = partial(rate_as_chosen, workload, cache(workload.choose))
    yield runs


EXPERIMENT = Experiment(
    question="Does the count that a division proposes and a race of loaders decides come close to the best one?",
    unit="samples/s",
    better="higher",
    headline="throughput",
    pitfalls=(
        "Cold pages while batches are timed: a disk's wait is then taken for the items' own; items of very different "
        "cost, of which a run of a few batches says little; a neighbour that comes between two counts of the race; a "
        "step that leaves the workers fewer cores than the timed wait that stands in for it here."
    ),
    arms=arms,
    again=tried("computing", 2),
    warmup=0,
    rounds=3,
    params={
        **{f"batch_size, {name}": size for name, (size, _) in SETTINGS.items()},
        **{f"step_seconds, {name}": seconds for name, (_, seconds) in SETTINGS.items()},
        "wait_seconds": WAIT_SECONDS,
        "item_bytes, large items": 3 * SIDE * SIDE * 4,
        "tensors, many tensors": PIECES,
        "counts": [*COUNTS],
        "steps": STEPS,
        "race_seconds": RACE_SECONDS,
        "tries": TRIES,
    },
    unavailable=unavailable,
    any_start=True,
)
