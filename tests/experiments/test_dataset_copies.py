"""What a worker holds of a dataset: that it is read, what is claimed of it and said."""

import gc
from typing import Any

import numpy as np
import pytest
import torch

from snippets.experiments.dataset_copies import measure, show
from snippets.experiments.dataset_copies.arms import KINDS, METHODS, PRELOADED, arm
from snippets.experiments.dataset_copies.measure import Array
from snippets.lab.figures.figure import Bars
from snippets.lab.results.results import Measured

from .dry_run import first_loader
from .results import plain_values, result, statistics

SERVED, SHARED = (140, 240, 144), (14, 110, 15)


def private(fork: tuple[float, ...], spawn: tuple[float, ...]) -> Measured:
    """MB by kind of dataset: empty, an array, a tensor. Under forkserver SERVED, or SHARED: the server has torch."""
    arms = {
        arm(method, kind): {"private": size * 1e6}
        for method, sizes in zip(METHODS, (fork, SERVED, SHARED, spawn), strict=True)
        for kind, size in zip(KINDS, sizes, strict=True)
    }
    return result("private", arms, dataset_bytes=100_000_000)


def test_a_dataset_that_is_held_is_read() -> None:
    """One byte of each page, or a copy on write would have no reason."""

    class Pages:
        def __getitem__(self, wanted: slice) -> Any:
            self.wanted = wanted
            return np.zeros(1)

    dataset = Array("empty")
    pages: Any = Pages()
    dataset.data = pages
    dataset[0]
    assert pages.wanted == slice(None, None, 4096)


def test_no_collection_of_garbage_falls_due_in_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a full collection none of the older generations has one to come."""
    due: list[tuple[int, ...]] = []

    def started(*_: Any, **__: Any) -> list[float]:
        due.append(gc.get_count())
        return [1.0]

    monkeypatch.setattr(measure, "DataLoader", started)
    gc.collect(0)
    measure.private_bytes("fork", "empty")
    assert due[0][1:] == (0, 0)


@pytest.mark.skipif(bool(measure.unavailable()), reason="no private memory is reported here")
def test_a_worker_is_started_as_its_arm_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With torch in the fork server where that says so: the server of a process that has asked no other one."""
    asked: list[Any] = []
    monkeypatch.setattr(measure.multiprocessing, "set_forkserver_preload", asked.append)
    measure.preload()
    assert asked == [[measure.__name__]], "which imports torch"
    with measure.EXPERIMENT.prepared() as arms:
        loaders = {name: first_loader(run) for name, run in arms.items() if PRELOADED not in name}
        preloaded = arms[arm(PRELOADED, "empty")]().values["private"]
        alone = arms[arm("forkserver", "empty")]().values["private"]
    assert {*loaders} == {arm(method, kind) for method in METHODS if method != PRELOADED for kind in KINDS}
    for name, loader in loaders.items():
        method, _, kind = name.partition(", ")
        assert loader.multiprocessing_context.get_start_method() == method
        assert len(loader.dataset.data) == (1 if kind == "empty" else measure.SIZE)
        assert isinstance(loader.dataset.data, torch.Tensor) == (kind == "torch")
    assert preloaded < alone / 2, "it shares the server's torch"


def test_claims() -> None:
    assert statistics("dataset-copies", private((16, 17, 18), (160, 255, 163))) == pytest.approx(
        {
            "fork-shares-arrays": 0.01,
            "fork-shares-tensors": 0.02,
            "spawn-copies-arrays": 0.95,
            "spawn-shares-tensors": 0.03,
            "forkserver-copies-arrays": 1.0,
            "forkserver-shares-tensors": 0.04,
            "a-server-with-torch-saves-memory": 10.0,
            "spawned-workers-are-large": 10.0,
            "each-worker-costs-memory": 16e6,
        }
    )


def test_values_and_figure() -> None:
    measured = private((16, 16, 18), (150, 250, 151))
    values = plain_values(show.values(measured))
    assert (values["dataset"], values["spawn_empty"]) == ("100 MB", "150 MB")
    assert (values["fork_numpy"], values["fork_torch"]) == ("< 0.1 MB", "2 MB")
    assert (values["spawn_numpy"], values["spawn_torch"]) == ("100 MB", "1 MB")
    assert (values["forkserver_empty"], values["preloaded_empty"]) == ("140 MB", "14 MB")
    chart = show.figure(measured).chart
    assert isinstance(chart, Bars)
    assert [(bar.label, bar.value.median) for bar in chart.groups[-1].bars] == [
        ("empty dataset", 150),
        ("NumPy array", 250),
        ("torch tensor", 151),
    ]
