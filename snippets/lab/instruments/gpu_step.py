"""A step that keeps a CUDA GPU busy for a given time: matrices, multiplied as often as it takes."""

import math
from collections.abc import Callable
from functools import partial

import torch

MATRIX = 2048
"""Rows of the smallest that are multiplied."""
PRODUCT_SECONDS = 0.0002
"""For which one product lasts at least: a step of hundreds of shorter ones would keep the main process at launching."""
WINDOW = 0.3
"""Seconds of work that are timed at once: an idle GPU takes a while to raise its clock."""
WINDOWS = 20
"""At most, until two neighbouring ones agree."""
AGREE = 0.03
"""Share by which the times of two windows may differ."""


def products(seconds: float) -> Callable[[], None]:
    """A function that queues so many products as take this GPU `seconds`, and does not wait for them. From MATRIX on,
    the matrices are doubled until one product takes it PRODUCT_SECONDS.

    Raises RuntimeError where the GPU's clock does not settle.
    """
    size = MATRIX
    while (each := seconds_each(run := multiplying(size))) < PRODUCT_SECONDS:
        size *= 2
    return partial(run, max(1, round(seconds / each)))


def multiplying(size: int) -> Callable[[int], None]:
    """Queues so many products of matrices of `size` rows."""
    weights = torch.randn(size, size, device="cuda", dtype=torch.float16)
    product = torch.empty_like(weights)

    def run(times: int) -> None:
        for _ in range(times):
            torch.mm(weights, weights, out=product)

    return run


def times_that_take(seconds: float, run: Callable[[int], None]) -> int:
    """How many `times`, for `run(times)`, to keep this GPU busy for `seconds`. As `seconds_each`."""
    return max(1, round(seconds / seconds_each(run)))


def seconds_each(run: Callable[[int], None]) -> float:
    """For which each of the `times` of `run(times)`, which only queues, keeps this GPU busy, at the clock that it
    settles on. Raises RuntimeError where that does not settle.
    """
    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    times, before = 1, math.inf
    for _ in range(WINDOWS):
        start.record()
        run(times)
        end.record()
        end.synchronize()
        per_run = start.elapsed_time(end) / 1000 / times
        if per_run * times >= WINDOW and abs(per_run / before - 1) < AGREE:
            return per_run
        before, times = per_run, max(times, math.ceil(1.1 * WINDOW / per_run))
    raise RuntimeError(f"the GPU's clock did not settle within {WINDOWS} windows of {WINDOW} s")
