"""What a loader looks like that is fed, starved, or slowed by one thing: each as its snippet makes it, traced."""

import time
from functools import partial
from itertools import islice, repeat
from types import ModuleType
from typing import Any

from torch.utils.data import DataLoader

from snippets.experiments.signatures import arms
from snippets.lab.instruments.experiment import Experiment, Sample
from snippets.lab.instruments.trace import traced_epochs
from snippets.lab.machine.machine import this_machine
from snippets.pages.find_the_bottleneck import (
    bursts,
    busy_neighbour,
    fed,
    slow_first_batch,
    starved,
    straggler,
)


def traced(signature: ModuleType, epochs: int, **more: Any) -> Sample:
    """The snippet's own dataset, step and settings, and `more` settings."""
    loader: DataLoader = signature.loader
    settings = {"batch_size": loader.batch_size, "num_workers": loader.num_workers}
    return traced_epochs(epochs, loader.dataset, signature.train_step, **settings, **more)


def beside_neighbours() -> Sample:
    with busy_neighbour.neighbours(max(1, int(this_machine().cores_usable))):
        return traced(busy_neighbour, 1)


def replayed(signature: ModuleType) -> Sample:
    """Seconds for as many steps as an epoch has, with one batch again and again: the loader costs nothing."""
    loader: DataLoader = signature.loader
    batch = next(iter(loader))
    began = time.perf_counter()
    for each in islice(repeat(batch), len(loader)):
        signature.train_step(each)
    return Sample({"total": time.perf_counter() - began})


SIGNATURES = {
    arms.FED: fed,
    arms.STARVED: starved,
    arms.BURSTS: bursts,
    arms.SLOW_FIRST_BATCH: slow_first_batch,
    arms.STRAGGLER: straggler,
    arms.ALONE: busy_neighbour,
    arms.BUSY_NEIGHBOUR: busy_neighbour,
}
EPOCHS = {arms.SLOW_FIRST_BATCH: 2}


EXPERIMENT = Experiment(
    question="What does a step wait for, and how does that look from the main process?",
    unit="s",
    better="lower",
    headline="total",
    pitfalls=(
        "A first batch that is counted with the others: it is late in every epoch, even of a loader that keeps up; "
        "a step that does not wait for its GPU, so that the GPU's time is counted as waiting for the loader."
    ),
    arms={
        **{name: partial(traced, snippet, EPOCHS.get(name, 1)) for name, snippet in SIGNATURES.items()},
        arms.MORE_AHEAD: partial(traced, bursts, 1, prefetch_factor=arms.AHEAD),
        arms.BUSY_NEIGHBOUR: beside_neighbours,
        arms.REPLAYED: partial(replayed, starved),
    },
    again=arms.FED,
    rounds=3,
    warmup=0,
    params={
        "neighbours": max(1, int(this_machine().cores_usable)),
        "ahead": arms.AHEAD,
        **{f"batches, {name}": len(each.loader) * EPOCHS.get(name, 1) for name, each in SIGNATURES.items()},
    },
    any_start=True,
)
