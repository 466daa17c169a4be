"""A step that keeps a CUDA GPU busy for a given time: matrices, multiplied as often as it takes."""

import math
from collections.abc import Callable
from functools import partial

import torch

MATRIX = 2048
WINDOW = 0.3
"""Seconds of work that are timed at once: an idle GPU takes a while to raise its clock."""
WINDOWS = 20
AGREE = 0.03


def products(seconds: float) -> Callable[[], None]:
    """Queues so many products as take this GPU `seconds`, and returns without waiting for them."""
    weights = torch.randn(MATRIX, MATRIX, device="cuda", dtype=torch.float16)
    product = torch.empty_like(weights)

    def run(times: int) -> None:
        for _ in range(times):
            torch.mm(weights, weights, out=product)

    return partial(run, times_that_take(seconds, run))


def times_that_take(seconds: float, run: Callable[[int], None]) -> int:
    """How often, for `run(times)`, which only queues, to keep this GPU busy for so long at the clock it settles on."""
    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    times, before = 1, math.inf
    for _ in range(WINDOWS):
        start.record()
        run(times)
        end.record()
        end.synchronize()
        each = start.elapsed_time(end) / 1000 / times
        if each * times >= WINDOW and abs(each / before - 1) < AGREE:
            return max(1, round(seconds / each))
        before, times = each, max(times, math.ceil(1.1 * WINDOW / each))
    raise RuntimeError(f"the GPU's clock did not settle within {WINDOWS} windows of {WINDOW} s")
