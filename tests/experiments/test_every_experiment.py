"""An arm does what its name says: it starts so many workers.

What it does not prove: that the numbers are right. Each build measures and judges them.
"""

import re
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from torch.utils.data import DataLoader

from snippets.experiments.cuda_fork import measure as cuda_fork
from snippets.experiments.dataset_copies.measure import Array
from snippets.experiments.disk import measure as disk
from snippets.experiments.workloads import WAIT_SECONDS, DistantPhotos
from snippets.images.make import photos
from snippets.lab.catalog import experiment_names
from snippets.lab.instruments.experiment import Sample

from ..docs.advice import nothing
from .arms import experiment

DIFFERENT = ("disk", "in-memory", "photos-overlap", "scaling", "sprites-overlap")
SAME = ("dataset-copies", "memory", "start-up")
NAMED = re.compile(r"(\d+) workers")


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The num_workers of each loader that begins to load."""
    counts: list[int] = []
    begin = DataLoader.__iter__

    def noted(loader: Any) -> Iterator[Any]:
        counts.append(loader.num_workers)
        return begin(loader)

    monkeypatch.setattr(DataLoader, "__iter__", noted)
    return counts


@pytest.mark.parametrize("name", DIFFERENT)
def test_arms_that_differ_in_workers(name: str, begun: list[int]) -> None:
    asked = experiment(name)
    if reason := asked.unavailable():
        pytest.skip(reason)
    with asked.prepared() as arms:
        named = {arm: int(found[1]) for arm in arms if (found := NAMED.search(arm))}
        assert len(named) >= 2
        for arm, count in named.items():
            begun.clear()
            arms[arm]()
            assert set(begun) == {count}, arm


@pytest.mark.parametrize("name", SAME)
def test_arms_that_have_the_same_workers(name: str, begun: list[int]) -> None:
    asked = experiment(name)
    if reason := asked.unavailable():
        pytest.skip(reason)
    with asked.prepared() as arms:
        run = next(iter(arms.values()))
        run()
    assert set(begun) == {asked.number("workers")}


@pytest.mark.parametrize("name", ["photos-overlap", "sprites-overlap"])
def test_a_step_takes_as_long_as_it_says(name: str) -> None:
    asked = experiment(name)
    with asked.prepared() as arms:
        trace = arms["4 workers"]().trace
    steps = [span["end"] - span["start"] for span in trace or [] if span["role"] == "step"]
    assert len(steps) == asked.params["batches"]
    assert min(steps) >= 0.99 * asked.number("step_seconds"), "a clock may be read a moment late"


def test_files_are_timed_while_workers_run_and_each_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What starting the workers takes is over before, and as many batches as they may be ahead come after. A file that
    was read is warm, so none comes twice; all were dropped, or read, before.
    """
    began: list[tuple[Any, int]] = []
    dropped: list[int] = []
    monkeypatch.setattr(
        disk, "time_loader", lambda loader, window: began.append((loader, window)) or Sample({"throughput": 1.0})
    )
    monkeypatch.setattr(disk, "evict", lambda files: dropped.append(len(files)))
    monkeypatch.setattr(disk, "cached_share", lambda files: 1.0)
    with disk.EXPERIMENT.prepared() as arms:
        for name, arm in arms.items():
            assert arm().values == {"throughput": 1.0, "cached": 1.0}
            (loader, window), workers = began.pop(), int(NAMED.findall(name)[0])
            ahead = workers * (loader.prefetch_factor or 0)
            assert window % max(1, workers) == 0
            assert len(loader) >= (ahead + workers or 1) + window + ahead
            assert len({*loader.sampler}) == len(loader.sampler) == len(loader) * disk.BATCH_SIZE
            assert dropped == ([len(loader.sampler)] if "cold" in name else [])
            dropped.clear()


def test_what_does_both_waits_before_it_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    DistantPhotos(photos())[0]
    assert waited == [WAIT_SECONDS]


def test_a_dataset_that_is_held_is_read() -> None:
    """One byte of each page, or a copy on write would have no reason."""

    class Pages:
        def __getitem__(self, wanted: slice) -> Any:
            self.wanted = wanted
            return np.zeros(1)

    dataset = Array("empty")
    pages = Pages()
    dataset.data = pages  # pyright: ignore[reportAttributeAccessIssue]
    dataset[0]
    assert pages.wanted == slice(None, None, 4096)


def test_arms_that_touch_cuda_start_their_worker_as_named() -> None:
    with cuda_fork.EXPERIMENT.prepared() as arms:
        assert {name: arm.args for name, arm in arms.items() if isinstance(arm, partial)} == {
            "fork": ("fork",),
            "spawn": ("spawn",),
        }


LOOKED_AT = {
    "test_arms.py": {"counted", "cuda-fork", "quick-benchmark"},
    "test_arms_costs.py": {
        "cpu-training",
        "handing-over",
        "other-loaders",
        "ranks",
        "shared-memory",
        "start-up",
        "threads",
    },
    "test_arms_counted.py": {"knobs", "right-results"},
    "test_arms_gpu.py": {"cuda-overlap", "pin-memory"},
    "test_arms_waits.py": {"choosing", "life-of-a-batch", "signatures", "stragglers"},
}
"""By the file with a test of their own; those of this one count workers themselves, or stand above."""


def test_no_experiment_is_forgotten() -> None:
    alone = {name for names in LOOKED_AT.values() for name in names}
    nothing(
        {*experiment_names()} ^ {*DIFFERENT, *SAME, *alone},
        "no test looks at the arms of these, or they are gone: name them in tests/experiments/test_arms.py, in "
        "DIFFERENT or SAME, or write a test of their own and name them in LOOKED_AT:",
    )


@pytest.mark.parametrize("file", [file for file in LOOKED_AT if file != "test_arms.py"])
def test_a_file_looks_at_what_is_said_of_it(file: str) -> None:
    text = Path(__file__).with_name(file).read_text(encoding="utf-8")
    nothing(
        [name for name in LOOKED_AT[file] if f"from snippets.experiments.{name.replace('-', '_')} import" not in text],
        f"tests/experiments/{file} does not import these; write the test, or mend LOOKED_AT:",
    )
