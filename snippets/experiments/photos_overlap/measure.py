"""Photos that are decoded and a step of known length: what workers hide when loading needs cores."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from torch.utils.data import Subset

from snippets.experiments.photos_overlap.arms import FOUR, NONE, TWO
from snippets.images.sets import PHOTOS
from snippets.lab.instruments.experiment import Arm, Experiment, Sample
from snippets.lab.instruments.trace import traced_epoch
from snippets.pages.optimization_guide.heavy_preprocessing import Photos

BATCHES, BATCH_SIZE = 24, 8
STEP_SECONDS = 0.030


def step(batch: Any) -> None:
    """A timed wait stands in for a GPU step. It uses no core; waiting for a GPU may keep one busy."""
    time.sleep(STEP_SECONDS)


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    photos = Photos(PHOTOS.folder)
    few = Subset(photos, range(BATCHES * BATCH_SIZE))
    for path in photos.paths[: len(few)]:
        path.read_bytes()  # from now on its pages are in the page cache
    few[0]  # and Pillow's decoder is loaded

    def epoch(num_workers: int) -> Sample:
        return traced_epoch(few, step, batch_size=BATCH_SIZE, num_workers=num_workers)

    yield {NONE: partial(epoch, 0), TWO: partial(epoch, 2), FOUR: partial(epoch, 4)}


EXPERIMENT = Experiment(
    question="How much of decoding photos do two and four workers hide behind the training step?",
    unit="s per epoch",
    better="lower",
    headline="total",
    pitfalls=(
        "Fewer free cores than workers: then more workers decode no faster. Pages that were not in the page "
        "cache: the first epoch would read from the disk (each photo is read once before)."
    ),
    arms=arms,
    again=FOUR,
    rounds=3,
    warmup=0,
    params={"batches": BATCHES, "batch_size": BATCH_SIZE, "step_seconds": STEP_SECONDS},
    any_start=True,
)
