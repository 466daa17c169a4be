"""Photos that are decoded and a real CUDA step: what workers hide of loading when a GPU trains."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from typing import Any

import torch
from torch.utils.data import Subset

from snippets.images import photos
from snippets.lab import cuda
from snippets.lab.experiment import Arm, Experiment, Sample
from snippets.lab.trace import traced_epoch
from snippets.optimization_guide.heavy_preprocessing import Photos

COUNTS = (0, 2, 4, 8)
BATCHES, BATCH_SIZE = 16, 16
MATRIX = 4096
STEP_SECONDS = 0.030
CALIBRATION = 50


def times_that_take(seconds: float, run: Callable[[int], float]) -> int:
    """How often, for `run(times)` to take so long; it gives the seconds that it took."""
    run(CALIBRATION)  # the first one loads kernels
    return max(1, round(seconds * CALIBRATION / run(CALIBRATION)))


@cache
def cuda_step(seconds: float) -> Callable[[Any], None]:
    """A step that copies the batch and then multiplies matrices: as many times as take this GPU so long.

    It is made, and timed, once: in the warm-up.
    """
    weights = torch.randn(MATRIX, MATRIX, device="cuda", dtype=torch.float16)
    product = torch.empty_like(weights)

    def multiply(times: int) -> float:
        torch.cuda.synchronize()
        start = time.perf_counter()
        for _ in range(times):
            torch.mm(weights, weights, out=product)
        torch.cuda.synchronize()
        return time.perf_counter() - start

    times = times_that_take(seconds, multiply)

    def step(batch: Any) -> None:
        batch.to("cuda").float().div_(255)
        multiply(times)

    return step


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    few = Subset(Photos(photos()), range(BATCHES * BATCH_SIZE))

    def epoch(num_workers: int) -> Sample:
        return traced_epoch(few, cuda_step(STEP_SECONDS), batch_size=BATCH_SIZE, num_workers=num_workers)

    yield {f"{count} workers": partial(epoch, count) for count in COUNTS}


EXPERIMENT = Experiment(
    question="How much of decoding photos do workers hide behind a step on a GPU?",
    unit="s per epoch",
    better="lower",
    headline="total",
    pitfalls=(
        "Timing launches instead of work (each step is synchronised); a step whose length depends on the GPU "
        "(it is made as long on each); photos in fewer pages than the page cache holds."
    ),
    arms=arms,
    again="4 workers",
    params={"batches": BATCHES, "batch_size": BATCH_SIZE, "matrix": MATRIX, "step_seconds": STEP_SECONDS},
    unavailable=cuda.missing,
)
