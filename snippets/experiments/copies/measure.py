"""Copies to the GPU, from 4 KiB to 256 MiB, from pageable and pinned memory; and one batch as uint8 and as float32."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial

import torch

from snippets.experiments.copies.arms import FLOAT32, MEMORIES, PINNED, SIZES, UINT8, arm
from snippets.lab.instruments import cuda
from snippets.lab.instruments.experiment import Arm, Experiment, Sample
from snippets.lab.instruments.gpu_bus import across_a_bus

IMAGES = 256
SECONDS = 0.05


def per_copy(copy: Callable[[], object]) -> Sample:
    """Values: `seconds` for a copy that is waited for, over as many as fill `SECONDS`, one at least; `bus`, whether it
    crosses one.
    """
    copy()
    torch.cuda.synchronize()
    count, start = 0, time.perf_counter()
    while not count or time.perf_counter() - start < SECONDS:
        copy()
        torch.cuda.synchronize()
        count += 1
    return Sample({"seconds": (time.perf_counter() - start) / count, "bus": float(across_a_bus())})


def on_the_gpu() -> torch.Tensor:
    """Room for the largest copy: else each would ask for its own."""
    return torch.empty(SIZES[-1], dtype=torch.uint8, device="cuda")


def source(memory: str) -> torch.Tensor:
    """The bytes of the largest copy."""
    largest = torch.ones(SIZES[-1], dtype=torch.uint8)
    return largest.pin_memory() if memory == PINNED else largest


def batch(dtype: torch.dtype) -> torch.Tensor:
    """Images, pinned."""
    return torch.ones(IMAGES, 3, 224, 224, dtype=dtype).pin_memory()


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    # Made once each, in the warm-up: to pin so much takes longer than to copy it.
    room, held, images = cache(on_the_gpu), cache(source), cache(batch)

    def of_size(memory: str, size: int) -> Sample:
        part, into = held(memory)[:size], room()[:size]
        return per_copy(lambda: into.copy_(part, non_blocking=True))

    def as_uint8() -> Sample:
        there = images(torch.uint8)
        return per_copy(lambda: there.to("cuda", non_blocking=True) / 255)

    def as_float32() -> Sample:
        there = images(torch.float32)
        return per_copy(lambda: there.to("cuda", non_blocking=True))

    sizes: dict[str, Arm] = {arm(memory, size): partial(of_size, memory, size) for memory in MEMORIES for size in SIZES}
    yield {**sizes, UINT8: as_uint8, FLOAT32: as_float32}


EXPERIMENT = Experiment(
    question="How fast are copies to the GPU, by their size, the kind of memory, and the type of a batch?",
    unit="s per copy",
    better="lower",
    headline="seconds",
    pitfalls=(
        "Timing the call instead of the copy (each is waited for); memory that is newly taken or pinned for each copy "
        "(it is reused); the processor’s cache, in which a small buffer still lies, as a batch does that was just "
        "made; a uint8 batch that is no float32 batch yet (the GPU converts it, which counts)."
    ),
    arms=arms,
    again=arm(PINNED, SIZES[-1]),
    params={"sizes": [*SIZES], "images": IMAGES},
    unavailable=cuda.missing,
    any_start=True,
)
