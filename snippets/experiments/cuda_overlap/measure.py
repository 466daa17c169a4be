"""Photos that are decoded and a real CUDA step: what workers hide of loading when a GPU trains."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from statistics import median
from typing import Any

import torch
from torch.utils.data import Dataset, Subset, default_collate

from snippets.experiments.cuda_overlap.arms import COUNTS, UNAWAITED, arm
from snippets.images.sets import PHOTOS
from snippets.lab.instruments import cuda
from snippets.lab.instruments.experiment import Arm, Experiment, Sample
from snippets.lab.instruments.gpu_lane import GpuLane, durations, with_lane
from snippets.lab.instruments.gpu_step import PRODUCT_SECONDS, products
from snippets.lab.instruments.trace import Interval, Recording, record
from snippets.pages.optimization_guide.heavy_preprocessing import Photos

BATCHES, BATCH_SIZE = 40, 8
STEP_SHARE = 0.5
"""Of the time that one process takes to decode a batch. So whether decoding or the steps set the pace is plain."""


def seconds_to_decode(dataset: Dataset) -> float:
    """For a batch, in this process, with its files in the page cache: the median of all, for photos differ."""

    def once(batch: int) -> float:
        start = time.perf_counter()
        default_collate([dataset[batch * BATCH_SIZE + item] for item in range(BATCH_SIZE)])
        return time.perf_counter() - start

    _, took = ([once(batch) for batch in range(BATCHES)] for _ in ("from the disk", "from the page cache"))
    return median(took)


def queued_step(seconds: float) -> Callable[[Any], None]:
    """Copies a batch and queues so many products as take this GPU so long, as an ordinary loop does: without waiting
    for them. The copy, from pageable memory, waits for the step before it, which is over where decoding takes longer.
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


def epoch(dataset: Dataset, step: Callable[[Any], None], num_workers: int, waits: bool) -> Sample:
    """One epoch, with or without a wait for each step, and when the GPU ran them.

    Values: `per_batch`, seconds from the end of one step on the GPU to that of the next, and `idle`, the share of that
    time in which it ran none: both without the first (prefetch_factor + 1) x num_workers batches, as in `traced_epoch`;
    `step` and `decode`, seconds for a batch, medians; `hidden`, as of the function; `main_cpu`, the share of the time
    from the end of the first step in the main process to that of its last for which the main process kept its core.
    """
    lane = GpuLane()
    run = awaited(lane.timed(step)) if waits else lane.timed(step)
    clocks: list[tuple[float, float]] = []

    def step_and_look(batch: Any) -> None:
        run(batch)
        clocks.append((time.perf_counter(), time.thread_time()))

    recording = record(1, dataset, step_and_look, batch_size=BATCH_SIZE, num_workers=num_workers)
    steps = lane.steps()
    (began, cpu_began), (ended, cpu_ended) = clocks[0], clocks[-1]
    head_start = 3 * num_workers or 1
    steady = durations(steps[head_start:])
    elapsed = steps[-1][1] - steps[head_start - 1][1]
    values = {
        "per_batch": elapsed / len(steady),
        "idle": 1 - sum(steady) / elapsed,
        "step": median(durations(steps)),
        "decode": median(decoding(recording)),
        "hidden": hidden(steps, recording.waits),
        "main_cpu": (cpu_ended - cpu_began) / (ended - began),
    }
    return Sample(values, with_lane(recording, steps))


def decoding(recording: Recording) -> Iterator[float]:
    """Seconds from the first item of a batch to its last one collated, for each batch."""
    began = {span["batch"]: span["start"] for span in recording.spans if span["role"] == "fetch"}
    ended = {span["batch"]: span["end"] for span in recording.spans if span["role"] == "collate"}
    return (ended[batch] - start for batch, start in began.items())


def hidden(steps: list[Interval], waits: list[Interval]) -> float:
    """The share of the GPU's time with its steps, 0 to 1, in which the main process waits for the next batch: it makes
    that itself where there are no workers. No batch comes after the last step, which does not count.
    """
    pairs = list(zip(steps[:-1], waits[1:], strict=True))
    both = sum(max(0.0, min(end, got) - max(start, asked)) for (start, end), (asked, got) in pairs)
    return both / sum(durations(steps[:-1]))


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    few = Subset(Photos(PHOTOS.folder), range(BATCHES * BATCH_SIZE))

    @cache
    def step() -> Callable[[Any], None]:
        """Made once, in the warm-up."""
        return queued_step(STEP_SHARE * seconds_to_decode(few))

    def run(num_workers: int, waits: bool) -> Sample:
        return epoch(few, step(), num_workers, waits)

    yield {**{arm(count): partial(run, count, True) for count in COUNTS}, UNAWAITED: partial(run, 0, False)}


EXPERIMENT = Experiment(
    question="How much of decoding photos is hidden behind a step on a GPU, by workers and without any?",
    unit="s per batch",
    better="lower",
    headline="per_batch",
    pitfalls=(
        "Waiting for each step, and then comparing with no workers: a loop that does not wait overlaps by itself; "
        "timing launches instead of work (events time it on the GPU); a step that is short or long beside the decoding "
        "(it is made half as long, and claims look whether it came out so); counting the start of the workers as "
        "loading."
    ),
    arms=arms,
    again=arm(4),
    params={"batches": BATCHES, "batch_size": BATCH_SIZE, "product_seconds": PRODUCT_SECONDS, "step_share": STEP_SHARE},
    unavailable=cuda.missing,
    any_start=True,
)
