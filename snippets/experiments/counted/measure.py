"""What a DataLoader does that can be counted: processes, batches, warnings, errors. Nothing here is timed."""

import os
import warnings
from collections.abc import Iterable
from functools import partial

import torch
from torch.utils.data import DataLoader, TensorDataset

from snippets.experiments.counted import arms
from snippets.experiments.counted.scripts import end_well, script
from snippets.experiments.counting_datasets import Fetches, Makers, with_collator
from snippets.experiments.first_benchmark import seconds_per_count
from snippets.lab.instruments.experiment import Experiment, Sample, needs_fork
from snippets.pages.helper_sprites.debugging_headaches import first_error

BATCHES, BATCH_SIZE, WORKERS, EPOCHS = 8, 4, 4, 3


def alone() -> Sample:
    """With 0 workers: batches that the main process fetched and collated."""
    loader = DataLoader(Makers(BATCHES * BATCH_SIZE), BATCH_SIZE, collate_fn=with_collator)
    return Sample({"by_main": float(sum(made == ([os.getpid()] * BATCH_SIZE, os.getpid()) for made in loader))})


def helped() -> Sample:
    """With 4 workers: processes that had a part in one batch, batches that main collated, batches out of turn."""
    loader = DataLoader(Makers(BATCHES * BATCH_SIZE), BATCH_SIZE, num_workers=WORKERS, collate_fn=with_collator)
    made = [*loader]
    collators = [collator for _, collator in made]
    return Sample(
        {
            "processes": float(max(len({*makers, collator}) for makers, collator in made)),
            "by_main": float(collators.count(os.getpid())),
            "out_of_turn": float(sum(one != collators[i % WORKERS] for i, one in enumerate(collators))),
        }
    )


def ahead() -> Sample:
    """Batches that 4 workers load before the first one is asked for."""
    dataset = Fetches(100 * BATCH_SIZE)
    batches = iter(DataLoader(dataset, BATCH_SIZE, num_workers=WORKERS))
    fetched = dataset.settled(2 * WORKERS * BATCH_SIZE)
    del batches
    return Sample({"batches": fetched / BATCH_SIZE})


def epochs(persistent: bool) -> Sample:
    """Worker processes that three epochs with 2 workers saw."""
    loader = DataLoader(Makers(), num_workers=2, persistent_workers=persistent)
    return Sample({"processes": float(len({int(maker) for _ in range(EPOCHS) for maker in loader}))})


def as_written() -> Sample:
    """Batches that the first version's "100 batches" fetch."""
    dataset = Fetches(200 * 32)
    seconds_per_count(dataset, (0,))
    return Sample({"batches": dataset.fetched / 32})


def refused(counts: Iterable[int]) -> Sample:
    """How many of these are no number of workers."""
    raised = 0
    for count in counts:
        try:
            DataLoader(Makers(), num_workers=count)
        except ValueError:
            raised += 1
    return Sample({"errors": float(raised)})


def scripts() -> Sample:
    """Which scripts and notebooks end well, by start method and guard."""
    files = {"spawn_unguarded": script("spawn", False), "spawn_guarded": script("spawn", True)}
    if not needs_fork():
        files["fork_unguarded"] = script("fork", False)
    return Sample(end_well(files, {"notebook_guarded": script("spawn", True)}))


def failing() -> Sample:
    """Lines of a worker's error, as the main process raises it, that name the dataset's own method."""
    return Sample({"lines": float(sum("__getitem__" in line for line in first_error(2)))})


def pinning() -> Sample:
    """What pin_memory=True does here: batches that are pinned, and warnings."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        batches = [batch for (batch,) in DataLoader(TensorDataset(torch.zeros(8, 2)), 2, pin_memory=True)]
    return Sample(
        {
            "pinned": float(sum(batch.is_pinned() for batch in batches)),
            "warnings": float(any("no accelerator is found" in str(each.message) for each in warned)),
            "accelerator": float(torch.accelerator.is_available()),
        }
    )


EXPERIMENT = Experiment(
    question="What does a DataLoader do that can be counted?",
    unit="counts",
    better=None,
    headline="",
    pitfalls="Counting too early: the batches ahead are counted once their number has stood still for 0.3 s.",
    arms={
        arms.ALONE: alone,
        arms.HELPED: helped,
        arms.NOTHING_TAKEN: ahead,
        arms.EPOCHS: partial(epochs, False),
        arms.EPOCHS_PERSISTENT: partial(epochs, True),
        arms.AS_WRITTEN: as_written,
        arms.RANGES: partial(refused, (4 - 8, 2 - 4)),
        arms.SCRIPTS: scripts,
        arms.ERROR: failing,
        arms.PINNING: pinning,
    },
    params={"batches": BATCHES, "workers": WORKERS, "epochs": EPOCHS},
    rounds=1,
    warmup=0,
)
