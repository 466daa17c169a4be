"""The count that the procedure chooses, beside the counts that were tried: four workloads, each with its step."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch.utils.data import DataLoader, Dataset, TensorDataset

from snippets.choose_num_workers.choose import choose_num_workers
from snippets.experiments.scaling.measure import DistantPhotos
from snippets.helper_sprites.optional_num_workers import SlowSprites
from snippets.images import photos
from snippets.lab.experiment import Arm, Experiment, Sample
from snippets.lab.loader_timing import endless, time_loader
from snippets.lab.machine import this_machine
from snippets.optimization_guide.heavy_preprocessing import Photos
from snippets.optimization_guide.when_not_to_use import features, targets

COUNTS = (0, 1, 2, 4)
STEPS = 12
WAIT_SECONDS = 0.002
SETTINGS = {"waiting": (4, 0.003), "computing": (4, 0.007), "both": (4, 0.007), "in memory": (512, 0.004)}
"""Items of a batch, and seconds of a step."""


@dataclass(frozen=True)
class Workload:
    """What is loaded for each step, and how long the step takes."""

    dataset: Dataset
    batch_size: int
    step_seconds: float

    def step(self, batch: Any) -> None:
        """A timed wait stands in for a GPU step: like one, it leaves the CPU free."""
        time.sleep(self.step_seconds)

    def rate(self, num_workers: int) -> Sample:
        """In the steady state, over a multiple of the workers."""
        window = -(-STEPS // max(1, num_workers)) * max(1, num_workers)
        sampler = endless(self.dataset)
        loader = DataLoader(self.dataset, self.batch_size, sampler=sampler, num_workers=num_workers)
        return time_loader(loader, window, self.step)

    def as_chosen(self) -> Sample:
        """What readers are told to do: measure eight batches, then load with the count that comes out."""
        threads = torch.get_num_threads()
        try:
            count = choose_num_workers(self.dataset, self.batch_size, self.step, this_machine().cores_usable)
        finally:
            torch.set_num_threads(threads)
        return Sample({**self.rate(count).values, "chosen": float(count)})


def workloads() -> dict[str, Workload]:
    folder = photos()
    datasets: dict[str, Dataset] = {
        "waiting": SlowSprites(delay=WAIT_SECONDS),
        "computing": Photos(folder),
        "both": DistantPhotos(folder),
        "in memory": TensorDataset(features, targets),
    }
    return {name: Workload(dataset, *SETTINGS[name]) for name, dataset in datasets.items()}


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    runs: dict[str, Callable[[], Sample]] = {}
    for name, workload in workloads().items():
        workload.rate(0)  # from now on its pages are warm
        runs |= {f"{name}, {count} workers": partial(workload.rate, count) for count in COUNTS}
        runs[f"{name}, as chosen"] = workload.as_chosen
    yield runs


EXPERIMENT = Experiment(
    question="Does the count that eight batches and a division give come close to the best one?",
    unit="samples/s",
    better="higher",
    headline="throughput",
    pitfalls=(
        "Cold pages while the batches are timed: a disk's wait is then taken for the items' own; a step that does "
        "not wait for its GPU, and so seems short; items of very different cost, of which eight batches say little."
    ),
    arms=arms,
    again="computing, 2 workers",
    warmup=0,
    rounds=4,
    params={
        **{f"batch_size, {name}": size for name, (size, _) in SETTINGS.items()},
        **{f"step_seconds, {name}": seconds for name, (_, seconds) in SETTINGS.items()},
        "wait_seconds": WAIT_SECONDS,
        "counts": ", ".join(map(str, COUNTS)),
        "steps": STEPS,
    },
)
