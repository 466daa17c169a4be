"""Loops whose step runs on a GPU: what the chosen counts of workers reach, and what the doctor says of such loops."""

import io
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, RandomSampler, TensorDataset

from snippets.experiments.gpu_choosing.arms import (
    DISTANT,
    FUNCTION,
    KEPT,
    LONG_STEP,
    ONE_WORKER,
    RIGHT,
    ROWS,
    TUNER,
    chosen_by,
    counts,
    tried,
)
from snippets.experiments.gpu_choosing.arms import PHOTOS as PHOTOS_LOOP
from snippets.experiments.gpu_training.measure import BATCH_SIZE, PREFETCH, Landscapes, loader, trained
from snippets.experiments.gpu_training.network import DEVICE, SIDE, Training
from snippets.experiments.workloads import WAIT_SECONDS
from snippets.images.sets import PHOTOS
from snippets.lab.instruments import cuda
from snippets.lab.instruments.experiment import Arm, Experiment, Sample
from snippets.lab.machine.machine import this_machine
from snippets.pages.choose_num_workers.choose import choose_num_workers
from snippets.pages.optimization_guide.when_not_to_use import features, targets
from snippets.tools.loader_doctor import doctor, judge
from snippets.tools.tune_num_workers import tune

RACE_SECONDS = 20
"""A third of what the function and the tuner are given if nothing is said."""
WARM_STEPS = 20
"""Batches by which the GPU's libraries have chosen their kernels. So many rows also fill a core's caches."""
REPEATED = 8
"""How often the network learns from each batch where its step is to outlast loading."""
FEEDING = 8
"""Workers of that loop."""
STARVED, FED = 20, 60
"""Batches of an epoch that the doctor watches, where the GPU waits for them and where it does not."""

Step = Callable[[Any], None]

MACHINE = this_machine()
TRIED = counts(MACHINE.cores_usable)
SHARED_BYTES = (PREFETCH * TRIED[-1] + 2) * BATCH_SIZE * 3 * SIDE**2
"""That batches take of shared memory while they wait, and while two of them are handed over."""


class DistantLandscapes(Landscapes):
    """Each takes a while to arrive, as from a remote store, and is then decoded."""

    def __getitem__(self, index: int) -> Any:
        time.sleep(WAIT_SECONDS)
        return super().__getitem__(index)


class Rows:
    """A small network that learns from rows of a tensor: to launch its step takes longer than to run it."""

    def __init__(self) -> None:
        self.network = nn.Sequential(nn.Linear(20, 256), nn.ReLU(), nn.Linear(256, 10)).to(DEVICE)
        self.optimizer = torch.optim.SGD(self.network.parameters(), lr=0.01)

    def step(self, batch: Sequence[torch.Tensor]) -> None:
        """`batch`: float32, (N, 20), and int64, (N)."""
        rows, kinds = (each.to(DEVICE, non_blocking=True) for each in batch)
        self.optimizer.zero_grad()
        nn.functional.cross_entropy(self.network(rows), kinds).backward()
        self.optimizer.step()


@dataclass(frozen=True)
class Loop:
    """What is loaded, and what makes the step where it is first needed: a machine without a GPU may ask which arms
    there are.
    """

    dataset: Dataset
    make_step: Callable[[], Step]
    skipped: int

    def loader(self, num_workers: int) -> DataLoader:
        return loader(self.dataset, num_workers)

    def rate(self, num_workers: int) -> Sample:
        """In the steady state, from an idle GPU to an idle one."""
        skipped = max(self.skipped, (PREFETCH + 1) * num_workers)
        return trained(iter(self.loader(num_workers)), self.make_step(), skipped, max(1, num_workers))


Choice = tuple[int | None, bool]
"""A count, or None where the chooser gives none; and whether it says that it cannot tell."""


def by_the_function(loop: Loop) -> Choice:
    """It waits for the GPU by itself."""
    said = io.StringIO()
    with redirect_stdout(said), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        count = choose_num_workers(loop.loader(0), loop.make_step(), seconds=RACE_SECONDS)
    print(said.getvalue(), file=sys.stderr)
    return count, "cannot tell" in said.getvalue()


def by_the_tuner(loop: Loop) -> Choice:
    said = io.StringIO()
    with redirect_stdout(said):
        tuned = tune(loop.loader, loop.make_step(), seconds=RACE_SECONDS)
    print(said.getvalue(), file=sys.stderr)
    return tuned.num_workers, not tuned.certain


CHOOSERS: Mapping[str, Callable[[Loop], Choice]] = {FUNCTION: by_the_function, TUNER: by_the_tuner}


def rate_as_chosen(loop: Loop, choose: Callable[[], Choice]) -> Sample:
    """Values: also `chosen`, the count, and `unsure`, 1 where the chooser could not tell. It chooses once in a pass."""
    count, unsure = choose()
    return Sample({**loop.rate(count or 0).values, "chosen": count or 0, "unsure": unsure})


def watched(batches: Iterable[Any], step: Step, right: str) -> Sample:
    """Values: `throughput` of the watched loop, photos/s; `right`, 1 where the doctor's verdict is that one; `waited`,
    the share of the time for which it says that the GPU had no batch.
    """
    said, trained_on = io.StringIO(), 0
    patient = doctor(batches)
    began = time.perf_counter()
    with redirect_stdout(said):
        for batch in patient:
            step(batch)
            trained_on += BATCH_SIZE
    elapsed = time.perf_counter() - began
    print(said.getvalue(), file=sys.stderr)
    verdict = judge(patient.seen())
    waited = verdict.waited.value if verdict.waited else 0.0
    return Sample({"throughput": trained_on / elapsed, "right": verdict.name == right, "waited": waited})


def an_epoch(dataset: Dataset, batches: int, num_workers: int) -> DataLoader:
    drawn = RandomSampler(dataset, replacement=True, num_samples=batches * BATCH_SIZE)  # pyrefly: ignore[bad-argument-type]: photos have a length
    return DataLoader(dataset, BATCH_SIZE, sampler=drawn, num_workers=num_workers, pin_memory=True)


def unavailable() -> str | None:
    if reason := cuda.missing():
        return reason
    if MACHINE.shm is not None and MACHINE.shm < SHARED_BYTES:
        return f"its batches need {SHARED_BYTES // 2**20} MiB of /dev/shm, which has {MACHINE.shm // 2**20} MiB"
    return None


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    photos, distant = Landscapes(PHOTOS.folder), DistantLandscapes(PHOTOS.folder)
    for path in photos.paths:  # from now on the pages are warm
        path.read_bytes()

    @cache
    def network() -> Step:
        torch.backends.cudnn.benchmark = True
        step = Training(len(PHOTOS.kinds)).step
        for _ in range(WARM_STEPS):
            step(
                (torch.zeros(BATCH_SIZE, 3, SIDE, SIDE, dtype=torch.uint8), torch.zeros(BATCH_SIZE, dtype=torch.int64))
            )
        return step

    @cache
    def rows() -> Step:
        return Rows().step

    def long_step(batch: Any) -> None:
        for _ in range(REPEATED):
            network()(batch)

    def replayed() -> list[Any]:
        return FED * [next(iter(loader(photos, 0)))]

    loops = {
        PHOTOS_LOOP: Loop(photos, network, 1),
        DISTANT: Loop(distant, network, 1),
        ROWS: Loop(TensorDataset(features, targets), rows, WARM_STEPS),
    }
    runs: dict[str, Arm] = {}
    for name, loop in loops.items():
        runs |= {tried(name, count): partial(loop.rate, count) for count in TRIED}
        for chooser, choose in CHOOSERS.items():
            runs[chosen_by(chooser, name)] = partial(rate_as_chosen, loop, cache(partial(choose, loop)))
    runs[ONE_WORKER] = lambda: watched(an_epoch(photos, STARVED, 1), network(), RIGHT[ONE_WORKER])
    runs[LONG_STEP] = lambda: watched(an_epoch(photos, FED, FEEDING), long_step, RIGHT[LONG_STEP])
    runs[KEPT] = lambda: watched(replayed(), network(), RIGHT[KEPT])
    yield runs


EXPERIMENT = Experiment(
    question="Where a GPU takes each step, what does the chosen count of workers lose, and is the doctor right?",
    unit="samples/s",
    better="higher",
    headline="throughput",
    pitfalls=(
        "A chooser that times launches instead of work; the best of many counts taken for as fast as its luckiest "
        "round; a loop that runs ahead of its GPU, and so seems to wait for batches while the GPU is busy; three loops "
        "that we know, with one network and photos of one size, and yours is none of them."
    ),
    arms=arms,
    again=tried(PHOTOS_LOOP, 2),
    warmup=0,
    rounds=3,
    params={
        "batch_size": BATCH_SIZE,
        "counts": TRIED,
        "race_seconds": RACE_SECONDS,
        "wait_seconds": WAIT_SECONDS,
        "cpu_count": MACHINE.cores,
        "cores": max(1, int(MACHINE.cores_usable)),
        "gpus": 1,
    },
    unavailable=unavailable,
    deadline=900,
    any_start=True,
)
