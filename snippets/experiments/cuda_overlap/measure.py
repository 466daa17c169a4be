"""Photos that are decoded and a real CUDA step: what workers hide of loading when a GPU trains."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from statistics import median
from typing import Any

import torch
from torch.utils.data import DataLoader, Dataset, Subset, default_collate

from snippets.experiments.cuda_overlap.arms import COUNTS, UNAWAITED, arm
from snippets.images.sets import PHOTOS
from snippets.lab.instruments import cuda
from snippets.lab.instruments.experiment import Arm, Experiment, Sample
from snippets.lab.instruments.gpu_step import MATRIX, products
from snippets.lab.instruments.trace import traced_epoch
from snippets.pages.optimization_guide.heavy_preprocessing import Photos

BATCHES, BATCH_SIZE = 40, 8
STEP_SHARE = 0.5
"""Of the time that one process takes to decode a batch. So whether decoding or the steps set the pace is plain."""


def seconds_to_decode(dataset: Dataset) -> float:
    """For a batch, in this process, with its files in the page cache."""

    def once() -> float:
        start = time.perf_counter()
        default_collate([dataset[index] for index in range(BATCH_SIZE)])
        return time.perf_counter() - start

    once()
    return median(once() for _ in range(3))


def queued_step(seconds: float) -> Callable[[Any], None]:
    """Copies a batch and queues so many products as take this GPU so long, as an ordinary loop does: without waiting
    for them.
    """
    multiply = products(seconds)

    def step(batch: Any) -> None:
        batch.to("cuda").float().div_(255)
        multiply()

    return step


def awaited(step: Callable[[Any], None]) -> Callable[[Any], None]:
    """The step of a loop that asks for each result, say to print the loss."""

    def step_and_wait(batch: Any) -> None:
        step(batch)
        torch.cuda.synchronize()

    return step_and_wait


def epoch(dataset: Dataset, step: Callable[[Any], None], num_workers: int) -> Sample:
    """Values of `traced_epoch`, and of the main process's CPU time during an epoch the share of it."""
    cpu = time.thread_time()
    sample = traced_epoch(dataset, awaited(step), batch_size=BATCH_SIZE, num_workers=num_workers)
    return Sample({**sample.values, "main_cpu": (time.thread_time() - cpu) / sample.values["total"]}, sample.trace)


def unawaited_epoch(dataset: Dataset, step: Callable[[Any], None]) -> Sample:
    """`per_batch` without workers, in a loop that waits for the GPU at its ends alone."""
    torch.cuda.synchronize()
    start = time.perf_counter()
    for batch in DataLoader(dataset, BATCH_SIZE):
        step(batch)
    torch.cuda.synchronize()
    return Sample({"per_batch": (time.perf_counter() - start) / BATCHES})


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    few = Subset(Photos(PHOTOS.folder), range(BATCHES * BATCH_SIZE))

    @cache
    def step() -> Callable[[Any], None]:
        """Made once, in the warm-up."""
        return queued_step(STEP_SHARE * seconds_to_decode(few))

    def awaiting(num_workers: int) -> Sample:
        return epoch(few, step(), num_workers)

    runs: dict[str, Arm] = {arm(count): partial(awaiting, count) for count in COUNTS}
    yield {**runs, UNAWAITED: lambda: unawaited_epoch(few, step())}


EXPERIMENT = Experiment(
    question="How much of decoding photos is hidden behind a step on a GPU, by workers and without any?",
    unit="s per batch",
    better="lower",
    headline="per_batch",
    pitfalls=(
        "Waiting for each step, and then comparing with no workers: a loop that does not wait overlaps by itself; "
        "timing launches instead of work (we wait at the end); a step that is short or long beside the decoding (it is "
        "half as long on each machine); counting the start of the workers as loading."
    ),
    arms=arms,
    again=arm(4),
    params={"batches": BATCHES, "batch_size": BATCH_SIZE, "matrix": MATRIX, "step_share": STEP_SHARE},
    unavailable=cuda.missing,
    any_start=True,
)
