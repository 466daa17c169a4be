"""What writing the spans down costs the run that is written down."""

import time
from functools import partial

from torch.utils.data import DataLoader

from snippets.experiments.sprites_overlap import measure as overlap
from snippets.helper_sprites.optional_num_workers import SlowSprites
from snippets.lab.experiment import Experiment, Sample, no_preparation


def untraced(num_workers: int) -> Sample:
    """The epoch of sprites-overlap, with nothing written down."""
    sprites = SlowSprites(overlap.BATCHES * overlap.BATCH_SIZE, overlap.ITEM_SECONDS)
    start = time.perf_counter()
    for batch in DataLoader(sprites, overlap.BATCH_SIZE, num_workers=num_workers):
        overlap.step(batch)
    return Sample({"total": time.perf_counter() - start})


def traced(num_workers: int) -> Sample:
    return Sample({"total": overlap.epoch(num_workers).values["total"]})


EXPERIMENT = Experiment(
    question="How much longer does an epoch take when every fetch, collate, wait and step is written down?",
    unit="s per epoch",
    better="lower",
    headline="total",
    pitfalls="Items that cost microseconds: two clock readings each would then be a visible share of them.",
    arms=partial(no_preparation, {"untraced": partial(untraced, 4), "traced": partial(traced, 4)}),
    again="untraced",
    params={"workers": 4},
)
