"""What a worker holds of a dataset: that it is read, what is claimed of it and said."""

from typing import Any

import numpy as np
import pytest

from snippets.experiments.dataset_copies import show
from snippets.experiments.dataset_copies.arms import KINDS, arm
from snippets.experiments.dataset_copies.measure import Array
from snippets.lab.figures.figure import Bars
from snippets.lab.results.results import Measured

from .results import plain_values, result, statistics


def private(fork: tuple[float, ...], spawn: tuple[float, ...]) -> Measured:
    """MB by kind of dataset: empty, an array, a tensor."""
    arms = {
        arm(method, kind): {"private": size * 1e6}
        for method, sizes in (("fork", fork), ("spawn", spawn))
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
    pages = Pages()
    dataset.data = pages  # pyright: ignore[reportAttributeAccessIssue]
    dataset[0]
    assert pages.wanted == slice(None, None, 4096)


def test_claims() -> None:
    assert statistics("dataset-copies", private((16, 17, 18), (160, 255, 163))) == pytest.approx(
        {
            "fork-shares-arrays": 0.01,
            "fork-shares-tensors": 0.02,
            "spawn-copies-arrays": 0.95,
            "spawn-shares-tensors": 0.03,
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
    chart = show.figure(measured).chart
    assert isinstance(chart, Bars)
    assert [(bar.label, bar.value.median) for bar in chart.groups[1].bars] == [
        ("empty dataset", 150),
        ("NumPy array", 250),
        ("torch tensor", 151),
    ]
