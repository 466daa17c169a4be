"""Pinned batches that are copied to the GPU and steps on it: on one stream, and on two."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from itertools import cycle
from statistics import median

import torch

from snippets.experiments.streams.arms import ALREADY, OWN, SAME
from snippets.lab.instruments import cuda
from snippets.lab.instruments.experiment import Arm, Experiment, Sample
from snippets.lab.instruments.gpu_step import PRODUCT_SECONDS, products

STEPS = 40
BATCH_BYTES, COPIES = 2**27, 8
"""What is copied for each step: so much that the time to begin a copy does not matter."""
WARM_SECONDS = 0.3
"""For which copies are made before they are timed."""
STEP_OVER_COPY = 2
"""So a step has room for a copy, and a copy that is not hidden makes it half as long again."""


class Timed:
    """What is called queues work on the current stream. Two events around each call tell how long the GPU takes."""

    def __init__(self, queue: Callable[..., object]) -> None:
        self.queue = queue
        self.events: list[tuple[torch.cuda.Event, torch.cuda.Event]] = []

    def __call__(self, *given: object) -> None:
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        self.queue(*given)
        end.record()
        self.events.append((start, end))

    def seconds(self) -> list[float]:
        """Of each call, in order. To be asked once the GPU is done."""
        return [start.elapsed_time(end) / 1000 for start, end in self.events]


def pinned_batch() -> torch.Tensor:
    return torch.ones(BATCH_BYTES, dtype=torch.uint8).pin_memory()


def on_the_gpu() -> torch.Tensor:
    """Room for a batch."""
    return torch.empty(BATCH_BYTES, dtype=torch.uint8, device="cuda")


def copies_of(source: torch.Tensor) -> Timed:
    """Called with room for it, which it fills."""
    return Timed(lambda room: room.copy_(source, non_blocking=True))


def copy_seconds(source: torch.Tensor) -> float:
    """For one copy while the GPU does nothing else, once the bus is awake: an idle one is slower. The median."""
    copy, room = copies_of(source), on_the_gpu()
    began = time.perf_counter()
    while time.perf_counter() - began < WARM_SECONDS:
        room.copy_(source, non_blocking=True)
        torch.cuda.synchronize()
    for _ in range(COPIES):
        copy(room)
    torch.cuda.synchronize()
    return median(copy.seconds())


def already_there(copy: Timed, step: Timed) -> None:
    for _ in range(STEPS):
        step()


def one_stream(copy: Timed, step: Timed) -> None:
    room = on_the_gpu()
    for _ in range(STEPS):
        copy(room)
        step()


def own_stream(copy: Timed, step: Timed) -> None:
    """Copies one batch ahead, into two rooms in turn."""
    stepping, copying = torch.cuda.current_stream(), torch.cuda.Stream()
    rooms = cycle([on_the_gpu(), on_the_gpu()])
    with torch.cuda.stream(copying):
        copy(next(rooms))
    for _ in range(STEPS):
        stepping.wait_stream(copying)  # the batch of this step is there
        copying.wait_stream(stepping)  # the step before it is over, and the other room free
        with torch.cuda.stream(copying):
            copy(next(rooms))
        step()


LOOPS: dict[str, Callable[[Timed, Timed], None]] = {ALREADY: already_there, SAME: one_stream, OWN: own_stream}


def run(queue: Callable[[Timed, Timed], None], source: torch.Tensor, multiply: Callable[[], None]) -> Sample:
    """Values in s: `per_step`, from and to an idle GPU; `step` and, where there are any, `copy`: medians of how long
    the GPU worked on one.
    """
    copy, step = copies_of(source), Timed(multiply)
    torch.cuda.synchronize()
    start = time.perf_counter()
    queue(copy, step)
    torch.cuda.synchronize()
    values = {"per_step": (time.perf_counter() - start) / STEPS, "step": median(step.seconds())}
    return Sample({**values, **({"copy": median(copy.seconds())} if copy.events else {})})


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    source = cache(pinned_batch)

    @cache
    def multiply() -> Callable[[], None]:
        """Made once, in the warm-up."""
        return products(STEP_OVER_COPY * copy_seconds(source()))

    def arm(queue: Callable[[Timed, Timed], None]) -> Arm:
        return lambda: run(queue, source(), multiply())

    yield {name: arm(queue) for name, queue in LOOPS.items()}


EXPERIMENT = Experiment(
    question="Does the copy of the next batch to the GPU hide behind the step, on one stream and on two?",
    unit="s per step",
    better="lower",
    headline="per_step",
    pitfalls=(
        "Timing launches instead of work (we wait for the GPU at both ends); pageable batches, which the main process "
        "copies itself; a copy that takes longer than its step, which can hide a part of it only (the step is made "
        "twice as long); a stream that fills a batch while a step still reads it (each waits for the other’s event)."
    ),
    arms=arms,
    again=SAME,
    params={
        "steps": STEPS,
        "batch_bytes": BATCH_BYTES,
        "product_seconds": PRODUCT_SECONDS,
        "step_over_copy": STEP_OVER_COPY,
    },
    unavailable=cuda.missing,
    any_start=True,
)
