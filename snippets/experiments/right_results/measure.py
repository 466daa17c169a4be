"""What workers do to random numbers, iterable datasets, open files and order: each counted, wrong and right."""

import random
import tempfile
from functools import partial
from types import ModuleType

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

from snippets.experiments.right_results import arms
from snippets.lab.instruments.experiment import Experiment, Sample, needs_fork
from snippets.pages.get_right_results import (
    epoch_plain,
    epoch_shared,
    handle_own,
    handle_shared,
    iterable_doubled,
    iterable_shared,
    random_from_seed,
    random_held,
    random_reseeded,
    resume_by_order,
    resume_by_skipping,
    same_run_twice,
)
from snippets.pages.inside_the_loader import one_slow_batch
from snippets.pages.use_several_processes import shards

WORKERS = 4


class Draws(Dataset):
    """Each item is a number from torch's, Python's and numpy's own generators."""

    def __len__(self) -> int:
        return WORKERS

    def __getitem__(self, index: int) -> tuple[int, int, int]:
        return int(torch.randint(10**9, ())), random.randrange(10**9), int(np.random.randint(10**9))


def seeded() -> Sample:
    """How many of four workers draw a number of their own, for each library."""
    drawn = [[int(number) for number in batch] for batch in DataLoader(Draws(), num_workers=WORKERS)]
    return Sample(
        {name: float(len({*numbers})) for name, numbers in zip(arms.LIBRARIES, zip(*drawn, strict=True), strict=True)}
    )


def drawn(snippet: ModuleType) -> Sample:
    """Of the pairs of numbers that four workers draw in two epochs: how many are different ones."""
    dataset = snippet.Augmented()
    pairs = [tuple(pair) for _ in range(2) for pair in snippet.numbers(dataset, WORKERS)]
    return Sample({"pairs": float(len(pairs)), "different": float(len({*pairs}))})


def epochs(snippet: ModuleType) -> Sample:
    """Of three epochs: how many different numbers of an epoch the items see, in new workers and in kept ones."""
    seen = {name: snippet.epochs_seen(snippet.Staged(), keep) for name, keep in (("new", False), ("kept", True))}
    return Sample({name: float(len({*numbers})) for name, numbers in seen.items()})


def items(snippet: ModuleType) -> Sample:
    """Items that two workers give for six, and how many different ones."""
    given = snippet.items(snippet.Lines(), 2)
    return Sample({"given": float(len(given)), "different": float(len({*given}))})


def records(snippet: ModuleType) -> Sample:
    """Records that two workers read wrongly."""
    with tempfile.NamedTemporaryFile("w+") as file:
        file.writelines(f"{index:0{snippet.SIZE}}" for index in range(snippet.COUNT))
        file.flush()
        return Sample({"wrong": float(snippet.wrong(file.name, 2))})


def repeated() -> Sample:
    """Whether two epochs are alike: 1 if so."""
    epoch = same_run_twice.epoch
    return Sample(
        {
            "same": float(epoch(0, 2) == epoch(0, 2)),
            "other_seed": float(epoch(0, 2) == epoch(1, 2)),
            "other_workers": float(epoch(0, 2) == epoch(0, 1)),
        }
    )


def order(in_order: bool) -> Sample:
    """Items that came before one with a smaller number, and how many came at all."""
    loader = DataLoader(one_slow_batch.Items(), batch_size=None, num_workers=2, in_order=in_order)
    given = [int(item) for item in loader]
    early = sum(any(later < item for later in given[at:]) for at, item in enumerate(given))
    return Sample({"early": float(early), "different": float(len({*given}))})


def resumed_by_skipping() -> Sample:
    """Of twelve items: those that were seen twice, half an epoch before and half after a restart."""
    torch.manual_seed(0)
    loader = partial(DataLoader, resume_by_skipping.items, 3, shuffle=True)
    before = resume_by_skipping.seen_in(loader(), range(0, 2))
    after = resume_by_skipping.seen_in(loader(), range(2, 4))
    return Sample({"twice": float(len({*before} & {*after}))})


def resumed_by_order() -> Sample:
    before = sum(resume_by_order.seen(0, 2), [])
    after = sum(resume_by_order.seen(len(before), 2), [])
    return Sample({"twice": float(len({*before} & {*after})), "seen": float(len({*before} | {*after}))})


def sharded(knows_rank: bool) -> Sample:
    """Of 120 items in 12 shards, for several ranks and workers: the most that are missing, and that are doubled."""
    missing, doubled = 0, 0
    for ranks, workers in ((1, 0), (1, 2), (2, 2), (3, 2)):
        each = [shards.items_of(*((rank, ranks) if knows_rank else (0, 1)), workers) for rank in range(ranks)]
        items = sum(each, [])
        missing = max(missing, 120 - len({*items}))
        doubled = max(doubled, len(items) - len({*items}))
    return Sample({"missing": float(missing), "doubled": float(doubled)})


EXPERIMENT = Experiment(
    question="What do workers change about random numbers, epochs, iterable datasets, open files and order?",
    unit="counts",
    better=None,
    headline="",
    pitfalls="A race that is lost only sometimes: the shared file is read slowly, so that two workers do meet in it.",
    arms={
        arms.GENERATORS: seeded,
        arms.GENERATOR_HELD: partial(drawn, random_held),
        arms.GENERATOR_FROM_SEED: partial(drawn, random_from_seed),
        arms.GENERATOR_RESEEDED: partial(drawn, random_reseeded),
        arms.EPOCH_ATTRIBUTE: partial(epochs, epoch_plain),
        arms.EPOCH_SHARED: partial(epochs, epoch_shared),
        arms.NOT_SHARDED: partial(items, iterable_doubled),
        arms.SHARDED: partial(items, iterable_shared),
        arms.FILE_SHARED: partial(records, handle_shared),
        arms.FILE_OWN: partial(records, handle_own),
        arms.TWO_RUNS: repeated,
        arms.IN_ORDER: partial(order, True),
        arms.OUT_OF_ORDER: partial(order, False),
        arms.RESUMED_BY_SKIPPING: resumed_by_skipping,
        arms.RESUMED_BY_ORDER: resumed_by_order,
        arms.SHARDS: partial(sharded, True),
        arms.SHARDS_WITHOUT_RANK: partial(sharded, False),
    },
    params={"workers": WORKERS, "records": handle_shared.COUNT},
    unavailable=needs_fork,
    any_start=True,
    rounds=1,
    warmup=0,
)
