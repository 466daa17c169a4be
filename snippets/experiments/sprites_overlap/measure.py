"""A loader that waits and a step of known length: what four workers hide."""

import time
from functools import partial
from typing import Any

from torch.utils.data import DataLoader

from snippets.experiments.sprites_overlap.arms import ALONE, HELPED, UNTRACED
from snippets.lab.instruments.experiment import Experiment, Sample
from snippets.lab.instruments.trace import traced_epoch
from snippets.pages.helper_sprites.optional_num_workers import SlowSprites

BATCHES, BATCH_SIZE = 24, 8
ITEM_SECONDS, STEP_SECONDS = 0.012, 0.030


def step(batch: Any) -> None:
    """A timed wait stands in for a GPU step. It uses no core; waiting for a GPU may keep one busy."""
    time.sleep(STEP_SECONDS)


def epoch(num_workers: int) -> Sample:
    sprites = SlowSprites(BATCHES * BATCH_SIZE, ITEM_SECONDS)
    return traced_epoch(sprites, step, batch_size=BATCH_SIZE, num_workers=num_workers)


def untraced_epoch(num_workers: int) -> Sample:
    """The same epoch with nothing written down: what does tracing cost?"""
    sprites = SlowSprites(BATCHES * BATCH_SIZE, ITEM_SECONDS)
    start = time.perf_counter()
    for batch in DataLoader(sprites, BATCH_SIZE, num_workers=num_workers):
        step(batch)
    return Sample({"total": time.perf_counter() - start})


EXPERIMENT = Experiment(
    question="How much of a loader's waiting do four workers hide behind the training step?",
    unit="s per epoch",
    better="lower",
    headline="total",
    pitfalls=(
        "Items that compute instead of waiting (see scaling); a step so short that no number of workers "
        "keeps up, or so long that one worker is enough; an epoch so short that start-up dominates."
    ),
    arms={ALONE: partial(epoch, 0), HELPED: partial(epoch, 4), UNTRACED: partial(untraced_epoch, 4)},
    again=HELPED,
    rounds=3,
    warmup=0,
    params={
        "batches": BATCHES,
        "batch_size": BATCH_SIZE,
        "item_seconds": ITEM_SECONDS,
        "step_seconds": STEP_SECONDS,
    },
    any_start=True,
)
