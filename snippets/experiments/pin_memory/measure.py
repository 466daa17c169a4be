"""Pageable and pinned batches, blocking and non-blocking copies, behind a real CUDA step."""

import time
from functools import partial

import torch
from torch.utils.data import DataLoader, TensorDataset

from snippets.lab import cuda
from snippets.lab.experiment import Experiment, Sample, no_preparation

BATCHES, BATCH_SIZE = 40, 64
STEP_MATRIX, STEP_PRODUCTS = 4096, 4


def epoch(pin_memory: bool, non_blocking: bool) -> Sample:
    """Seconds for an epoch of copies and steps, from the first batch on, synchronised at both ends."""
    images = torch.zeros(BATCHES * BATCH_SIZE, 3, 224, 224, dtype=torch.uint8)
    loader = DataLoader(TensorDataset(images), BATCH_SIZE, num_workers=4, pin_memory=pin_memory)
    weights = torch.randn(STEP_MATRIX, STEP_MATRIX, device="cuda", dtype=torch.bfloat16)
    batches = iter(loader)
    next(batches)
    torch.cuda.synchronize()
    start = time.perf_counter()
    for (batch,) in batches:
        batch = batch.to("cuda", non_blocking=non_blocking).float().div(255)
        product = weights
        for _ in range(STEP_PRODUCTS):
            product = product @ weights
    torch.cuda.synchronize()
    return Sample({"total": time.perf_counter() - start})


EXPERIMENT = Experiment(
    question="What do pinned batches save, with and without copies that do not block?",
    unit="s per epoch",
    better="lower",
    headline="total",
    pitfalls=(
        "Timing launches instead of work (we synchronise at both ends); a step too long or too short for the "
        "copy to matter; a loader that cannot keep up, behind which no copy shows."
    ),
    arms=partial(
        no_preparation,
        {
            "pageable": partial(epoch, False, False),
            "pageable, non_blocking": partial(epoch, False, True),
            "pinned": partial(epoch, True, False),
            "pinned, non_blocking": partial(epoch, True, True),
        },
    ),
    again="pinned",
    params={"batches": BATCHES, "batch_size": BATCH_SIZE, "matrix": STEP_MATRIX, "products": STEP_PRODUCTS},
    unavailable=cuda.missing,
)
