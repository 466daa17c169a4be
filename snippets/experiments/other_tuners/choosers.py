"""Who chooses a count, each as its page or its README calls it: for a workload, the count that it gives.

Raises what they raise.
"""

import importlib
import os
import tempfile
from pathlib import Path
from typing import Any

import torch
from torch import nn

from snippets.experiments.first_benchmark import seconds_per_count
from snippets.experiments.varied_workloads import Workload
from snippets.pages.choose_num_workers.choose import choose_num_workers
from snippets.tools.tune_num_workers import tune

LIMIT = 20
"""Seconds that ours may take, where they can be told: a third of what they take if nothing is said."""
QUICK_COUNTS = (0, 2, 4, 8)
"""Of those that the guide's first version tried, as many as are tried here."""


def by_the_tuner(workload: Workload) -> int | None:
    return tune(workload.loader, workload.step, seconds=LIMIT).num_workers


def by_the_function(workload: Workload) -> int | None:
    return choose_num_workers(workload.loader(0), workload.step, seconds=LIMIT)


def by_the_quick_benchmark(workload: Workload) -> int:
    """With its batches of 32, and without a step."""
    taken = seconds_per_count(workload.dataset, QUICK_COUNTS)
    return min(taken, key=lambda count: taken[count])


def by_loadtune(workload: Workload) -> int:
    """Its workload wants a model and an optimizer, which do nothing here. Where no trial beats its baseline, that."""
    loadtune: Any = importlib.import_module("loadtune")

    def train_step(model: Any, optimizer: Any, batch: Any, device: Any) -> torch.Tensor:
        workload.step(batch)
        return torch.zeros(())

    def optimizer_of(model: nn.Module) -> torch.optim.Optimizer:
        return torch.optim.SGD(model.parameters(), lr=0.1)

    theirs = loadtune.Workload(
        name="workload",
        make_dataset=lambda: workload.dataset,
        make_model=lambda: nn.Linear(1, 1),
        train_step=train_step,
        make_optimizer=optimizer_of,
        default_batch_size=workload.batch_size,
        collate_fn=workload.collate,
    )
    found = loadtune.tune(theirs)
    return found.best.knobs.num_workers if found.best and found.speedup > 1 else 0


def by_dataloader_param_helper(workload: Workload) -> int:
    """It keeps what it found in a file of the current folder, and reads it there the next time."""
    helper: Any = importlib.import_module("dataloader_param_helper")
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            found = helper.find_optimal_params(workload.dataset, torch.device("cpu"), workload.batch_size)
        finally:
            os.chdir(here)
    return int(found["num_workers"])
