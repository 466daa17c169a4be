"""Some batches take ten times as long as the others: what prefetching more, and delivering out of order, hides."""

import multiprocessing
import time
from functools import partial
from typing import Any

from torch.utils.data import DataLoader, Dataset

from snippets.experiments.stragglers.arms import ARMS, arm
from snippets.experiments.stragglers.costs import BATCHES, SECONDS, SLOW, SLOW_SECONDS, WORKERS, seconds
from snippets.lab.instruments.experiment import Experiment, Sample


class Batches(Dataset):
    """Each item is a batch whose loading is a wait."""

    def __init__(self, case: str) -> None:
        self.case = case

    def __len__(self) -> int:
        return BATCHES

    def __getitem__(self, index: int) -> int:
        time.sleep(seconds(self.case, index))
        return index


class Together:
    """As `worker_init_fn`: lets no worker begin before all are there, and notes when that was."""

    def __init__(self) -> None:
        self.barrier = multiprocessing.Barrier(WORKERS)
        self.began = multiprocessing.Value("d", 0.0)

    def __call__(self, worker: int) -> None:
        if self.barrier.wait() == 0:
            self.began.value = time.perf_counter()


def epoch(case: str, prefetch_factor: int, in_order: bool) -> Sample:
    """Values: `total`, seconds from the moment at which all workers begin to the last delivery."""
    together = Together()
    settings: dict[str, Any] = {"prefetch_factor": prefetch_factor, "in_order": in_order}
    loader = DataLoader(
        Batches(case),
        batch_size=None,
        num_workers=WORKERS,
        worker_init_fn=together,
        timeout=60,
        **settings,
    )
    taken, last = [], 0.0
    for index in loader:
        taken.append(index)
        last = time.perf_counter()
    if sorted(taken) != [*range(BATCHES)]:
        raise ValueError("a batch is missing or came twice")
    return Sample({"total": last - together.began.value})


EXPERIMENT = Experiment(
    question="Some batches take ten times as long: how much do prefetch_factor and in_order hide?",
    unit="s per epoch",
    better="lower",
    headline="total",
    pitfalls=(
        "Slow batches at a distance that the number of workers divides: one worker then gets them all; items that "
        "compute, of which more workers than cores make nothing faster; an epoch so short that its end decides."
    ),
    arms={arm(*each): partial(epoch, *each) for each in ARMS},
    again=arm("some slow", 2, True),
    rounds=3,
    warmup=0,
    params={
        "workers": WORKERS,
        "batches": BATCHES,
        "seconds": SECONDS,
        "slow": SLOW,
        "slow_seconds": SLOW_SECONDS,
    },
    any_start=True,
)
