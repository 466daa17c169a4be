"""The tuner carries its own copy of the formula, for it is one file: 200 made-up loaders, asked of both.

What it does not prove: that a loader's clocks are read right; test_called races real ones.
"""

from __future__ import annotations

import random

import pytest

from snippets.lab.loader_model import Batch, Loader, enough, limit
from snippets.tools import tune_num_workers as tuner

MOST = 24
SLACK = 1 - 1 / (1 + tuner.SAME)
"""The tuner compares times, the model rates: 2 % more time is so much less throughput."""


def made_up(seed: int) -> tuple[Batch, Loader]:
    """Costs from a fifth of a millisecond to two seconds; some of them nothing."""
    draw = random.Random(seed)

    def seconds() -> float:
        return draw.choice((0.0, 1.0, 1.0)) * 10 ** draw.uniform(-3.7, 0.3)

    batch = Batch(seconds(), 10 ** draw.uniform(-3.7, 0.3))
    return batch, Loader(
        0,
        receive=seconds() / 4,
        step=seconds(),
        cores=draw.choice((1.0, 1.5, 2.0, 4.0, 16.0)),
        send=seconds() / 4,
        step_compute=seconds(),
    )


def clocks(batch: Batch, loader: Loader) -> tuner.Clocks:
    """What the tuner would read of it: the time from one batch of a worker to its next, in which it sends, too; and a
    step's, with what it computes.
    """
    alone = batch.wait + batch.compute
    return tuner.Clocks(
        batch=batch.compute + max(batch.wait, loader.send),
        compute=batch.compute,
        send=loader.send,
        receive=loader.receive,
        spread=1.0,
        start=0.0,
        bytes=0,
        tensors=1,
        alone=alone,
        step=loader.step + loader.step_compute,
        step_compute=loader.step_compute,
    )


@pytest.mark.parametrize("seed", range(200))
def test_both_formulas_give_the_same_limit_and_the_same_count(seed: int) -> None:
    batch, loader = made_up(seed)
    read = clocks(batch, loader)
    for count in range(MOST + 1):
        per_second = limit(batch, tuner.replace(loader, num_workers=count))
        assert tuner.predicted(count, read, loader.cores) == pytest.approx(1 / per_second)
    assert tuner.enough(read, loader.cores, MOST) == enough(batch, loader, MOST, SLACK)


def test_the_made_up_loaders_are_of_all_kinds() -> None:
    """No worker, one, as many as may be, and counts between; and each of the three places is once the narrowest."""
    found = [made_up(seed) for seed in range(200)]
    counts = {tuner.enough(clocks(*each), each[1].cores, MOST) for each in found}
    assert {0, 1, MOST} < counts and len(counts) > 8
    parts = [tuner.limits(4, clocks(*each), each[1].cores) for each in found]
    assert {max(part, key=lambda name: part[name]) for part in parts} == {"step", "workers", "cores"}
