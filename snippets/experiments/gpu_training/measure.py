"""A residual network that learns from photos on a GPU: with more workers, and with its augmentation on the GPU."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from itertools import repeat
from typing import Any

import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset

from snippets.experiments.gpu_training.arms import DECODING, REPLAYED, arm, on_gpu, tried
from snippets.experiments.gpu_training.network import SIDE, Training
from snippets.images.sets import PHOTOS
from snippets.lab.instruments import cuda
from snippets.lab.instruments.experiment import Arm, Experiment, Sample
from snippets.lab.instruments.gpu_lane import GpuLane, starved
from snippets.lab.instruments.timing import endless, time_for
from snippets.lab.machine.machine import this_machine
from snippets.pages.optimization_guide.heavy_preprocessing import Photos

BATCH_SIZE, SECONDS, PREFETCH = 64, 0.5, 2
WARM_STEPS, TURN = 20, 10
"""Steps by which the GPU's libraries have chosen their kernels; and of those on a replayed batch, how many are timed at
once.
"""
LARGER = 256
"""Pixels along each side of a photo of which the GPU takes a window."""

MACHINE = this_machine()
TRIED = tried(MACHINE.cores_usable)
SHARED_BYTES = (PREFETCH * TRIED[-1] + 2) * BATCH_SIZE * 3 * LARGER**2
"""That batches take of shared memory while they wait, and while two of them are handed over."""


class Landscapes(Photos):
    """Photos as the guide loads them, each with the number of its kind."""

    def __getitem__(self, index: int) -> Any:
        return super().__getitem__(index), PHOTOS.kinds.index(self.paths[index].parent.name)


class LargerLandscapes(Landscapes):
    """The square in the middle of each photo, decoded and made small; what is random is left to the GPU."""

    def transform(self, image: Image.Image) -> Image.Image:
        side = min(image.size)
        left, top = ((extent - side) // 2 for extent in image.size)
        return image.resize((LARGER, LARGER), Image.Resampling.BILINEAR, (left, top, left + side, top + side))

    def augment(self, image: Image.Image) -> Image.Image:
        return image


def loader(dataset: Dataset, num_workers: int) -> DataLoader:
    return DataLoader(dataset, BATCH_SIZE, sampler=endless(dataset), num_workers=num_workers, pin_memory=True)


def trained(batches: Iterator[Any], step: Callable[[Any], None], skipped: int, turn: int) -> Sample:
    """Values: `throughput`, photos/s from an idle GPU to an idle one; `waited`, the share of that time in which the GPU
    has no step to run because the batch is not there; `main_cpu`, the CPU-seconds of this process over that time, with
    all its threads: one launches the steps, one their gradients, one pins the batches, and Python lets one run.

    Over as many turns of `turn` batches as it takes to fill SECONDS, after `skipped` batches. The loop waits for the
    GPU at both ends, and nowhere between them.
    """
    for _ in range(skipped):
        step(next(batches))
    lane, waits = GpuLane(), []
    queue, began, cpu = lane.timed(step), time.perf_counter(), time.process_time()
    while not waits or time.perf_counter() - began < SECONDS:
        for _ in range(turn):
            asked_at = time.perf_counter()
            batch = next(batches)
            waits.append((asked_at, time.perf_counter()))
            queue(batch)
    torch.cuda.synchronize()
    elapsed, cpu = time.perf_counter() - began, time.process_time() - cpu
    waited = starved(waits, lane.steps()) / elapsed
    values = {"throughput": len(waits) * BATCH_SIZE / elapsed, "waited": waited, "main_cpu": cpu / elapsed}
    return Sample(values)


def decoded(dataset: Dataset) -> Sample:
    """`throughput` of one process that does nothing else, photos/s."""
    per_batch = time_for(DataLoader(dataset, BATCH_SIZE, sampler=endless(dataset)), SECONDS).values["per_batch"]
    return Sample({"throughput": BATCH_SIZE / per_batch})


def unavailable() -> str | None:
    if reason := cuda.missing():
        return reason
    if MACHINE.shm is not None and MACHINE.shm < SHARED_BYTES:
        return f"its batches need {SHARED_BYTES // 2**20} MiB of /dev/shm, which has {MACHINE.shm // 2**20} MiB"
    return None


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    small, larger = Landscapes(PHOTOS.folder), LargerLandscapes(PHOTOS.folder)
    for path in small.paths:  # from now on the pages are warm
        path.read_bytes()

    @cache
    def training() -> Training:
        """Made once, when the first arm has begun to load."""
        torch.backends.cudnn.benchmark = True
        made = Training(len(PHOTOS.kinds))
        for side in (SIDE, LARGER):
            images = torch.zeros(BATCH_SIZE, 3, side, side, dtype=torch.uint8)
            for _ in range(WARM_STEPS):
                made.step((images, torch.zeros(BATCH_SIZE, dtype=torch.int64)))
        return made

    def run(dataset: Dataset, num_workers: int) -> Sample:
        batches = iter(loader(dataset, num_workers))
        step = training().step
        return trained(batches, step, max(1, (PREFETCH + 1) * num_workers), max(1, num_workers))

    def replay() -> Sample:
        batch = next(iter(loader(small, 0)))
        return trained(repeat(batch), training().step, WARM_STEPS, TURN)

    yield {
        DECODING: partial(decoded, small),
        REPLAYED: replay,
        **{arm(count): partial(run, small, count) for count in TRIED},
        **{on_gpu(count): partial(run, larger, count) for count in (1, TRIED[-1])},
    }


EXPERIMENT = Experiment(
    question="How many workers does a network that trains on a GPU need, and do the cores decode enough for it?",
    unit="photos/s",
    better="higher",
    headline="throughput",
    pitfalls=(
        "Timing launches instead of work (we wait for the GPU at both ends, and not between them); a loop that asks "
        "for the loss, or a scaler that asks for the gradients, and so waits for each step; counting batches that "
        "were ready before; a network and photos of one size: a larger network moves the one limit, larger photos "
        "the other."
    ),
    arms=arms,
    again=arm(2),
    warmup=0,
    rounds=3,
    params={
        "batch_size": BATCH_SIZE,
        "seconds": SECONDS,
        "side": SIDE,
        "larger": LARGER,
        "counts": TRIED,
    },
    unavailable=unavailable,
    any_start=True,
)
