"""GPU utilisation, as nvidia-smi tells it, beside the time for which a loop waits for its batches. Three loops."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from statistics import median
from typing import Any

import torch
from torch.utils.data import DataLoader, Dataset

from snippets.experiments.utilisation.arms import HELD_UP, ONE_THREAD, STARVED
from snippets.experiments.utilisation.nvidia_smi import asking, utilisation
from snippets.lab.instruments import cuda
from snippets.lab.instruments.experiment import Arm, Experiment, Sample
from snippets.lab.instruments.gpu_step import products, times_that_take
from snippets.lab.instruments.timing import endless

STEP_SECONDS, OTHER_SECONDS = 0.02, 0.02
"""A step on the GPU, and what comes on top of it: the wait for a batch, or a pause of the loop's own. Beside them,
receiving a batch is short.
"""
SETTLING_SECONDS, SECONDS = 1.2, 1.8
"""What nvidia-smi tells is of up to a second before: so the first answers are not counted."""
ANSWERS, LONGEST = 3, 15.0
"""It is asked on until it has told so many, but no longer than so many seconds."""
SLOWEST = 2.0
"""Seconds for an answer, with which so many still come in time."""
CYCLES = 1_000_000
"""Of the GPU's clock, for which its one thread counts at a time."""


class Items(Dataset):
    """Each is there after `seconds`, as from a store that answers late."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __len__(self) -> int:
        return 64

    def __getitem__(self, index: int) -> torch.Tensor:
        time.sleep(self.seconds)
        return torch.zeros(1)


def loader(seconds: float) -> DataLoader:
    """Of batches of one item, made by one worker."""
    dataset = Items(seconds)
    return DataLoader(dataset, sampler=endless(dataset), num_workers=1)


def spin() -> Callable[[], None]:
    """A step for which one thread of the GPU counts, and all others have nothing to do."""

    def run(times: int) -> None:
        for _ in range(times):
            torch.cuda._sleep(CYCLES)

    times = times_that_take(STEP_SECONDS, run)
    return lambda: run(times)


def watched(batches: Iterator[Any], step: Callable[[], None], pause: float = 0.0) -> Sample:
    """Values, once it has settled: `utilised`, the median of what nvidia-smi told, and `waited`, the share of the time
    for which the loop waits for its batches, both 0 to 1.

    The loop waits for each step, and then pauses for `pause` seconds. It settles once the first batch has come: its
    worker may take seconds to start. Raises RuntimeError where nvidia-smi told nothing.
    """

    def take() -> None:
        step()
        torch.cuda.synchronize()
        time.sleep(pause)

    next(batches)
    take()
    waited, told = 0.0, list[float]()
    with asking() as answers:
        steady = time.perf_counter() + SETTLING_SECONDS
        while (asked := time.perf_counter()) < steady + (SECONDS if len(told) >= ANSWERS else LONGEST):
            next(batches)
            waited += time.perf_counter() - asked if asked >= steady else 0.0
            take()
            told = [share for at, share in answers if at >= steady]
    if not told:
        raise RuntimeError(f"nvidia-smi told no utilisation for {LONGEST} s")
    return Sample({"utilised": median(told), "waited": waited / (asked - steady)})


def threads() -> float:
    """How many this GPU runs at once."""
    properties = torch.cuda.get_device_properties(0)
    return float(properties.multi_processor_count * properties.max_threads_per_multi_processor)


def unavailable() -> str | None:
    if reason := cuda.missing():
        return reason
    if utilisation() is None:
        return "nvidia-smi tells no utilisation of this CUDA GPU"
    began = time.perf_counter()  # the driver runs now; for the answer before, it may have had to start
    utilisation()
    took = time.perf_counter() - began
    return f"nvidia-smi takes {took:.1f} s for an answer" if took > SLOWEST else None


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    spinning, multiplying = cache(spin), cache(lambda: products(STEP_SECONDS))

    def one_thread() -> Sample:
        batches = iter(loader(0.0))
        return Sample({**watched(batches, spinning()).values, "threads": threads()})

    def starved() -> Sample:
        return watched(iter(loader(STEP_SECONDS + OTHER_SECONDS)), multiplying())

    def held_up() -> Sample:
        return watched(iter(loader(0.0)), multiplying(), pause=OTHER_SECONDS)

    yield {ONE_THREAD: one_thread, STARVED: starved, HELD_UP: held_up}


EXPERIMENT = Experiment(
    question="What does GPU utilisation, as nvidia-smi tells it, say of a loop that waits for its batches?",
    unit="of the time",
    better="higher",
    headline="utilised",
    pitfalls=(
        "Another process on the same GPU, whose work counts as well; the first answers, which are of the time before; "
        "steps so long that a sample of nvidia-smi lies within one of them."
    ),
    arms=arms,
    again=STARVED,
    warmup=0,
    rounds=3,
    params={
        "step_seconds": STEP_SECONDS,
        "other_seconds": OTHER_SECONDS,
        "settling_seconds": SETTLING_SECONDS,
        "seconds": SECONDS,
        "answers": ANSWERS,
    },
    unavailable=unavailable,
    any_start=True,
)
