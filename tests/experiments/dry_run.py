"""What an arm would do, without waiting for it: what it begins to load, and how long it would sleep."""

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from torch.utils.data import DataLoader


class Begins(Exception):
    """Raised in the place of beginning to load."""

    def __init__(self, loader: Any) -> None:
        self.loader = loader


def first_loader(run: Callable[[], object]) -> Any:
    """The first loader that `run` begins to load with. It does not get to load, nor anything after it to run."""

    def begins(loader: Any) -> None:
        raise Begins(loader)

    with pytest.MonkeyPatch.context() as patch, pytest.raises(Begins) as began:
        patch.setattr(DataLoader, "__iter__", begins)
        run()
    return began.value.loader


def sleeps(run: Callable[[], object]) -> list[float]:
    """The seconds for which `run` would wait, one entry for each time."""
    waited: list[float] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "sleep", waited.append)
        run()
    return waited


def clock(*seconds: float) -> SimpleNamespace:
    """In the place of the module `time`: each time it is asked it is the next of these."""
    ticks = iter(seconds)
    return SimpleNamespace(perf_counter=lambda: next(ticks))
