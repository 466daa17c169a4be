"""A rank that dies ends the measurement at once, with its reason, and the others with it."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from snippets.experiments.ranks import measure

pytestmark = pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="ranks are forked, and this system has no fork"
)


HANGS_AFTER = 60
"""Seconds. A guard against hangs, no statement about speed."""


@pytest.fixture(autouse=True)
def _guarded() -> Iterator[None]:
    """Ranks that wait for one that is gone do so for ever: then the test fails, and they end."""
    assert sys.platform != "win32"

    def ended(*_: object) -> None:
        raise TimeoutError("ranks still wait for each other")

    before = signal.signal(signal.SIGALRM, ended)
    signal.alarm(HANGS_AFTER)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
    for rank in multiprocessing.active_children():
        rank.kill()


def fails(*_: Any) -> Any:
    raise LookupError("no photo")


def leaves(*_: Any) -> Any:
    os._exit(3)


@pytest.mark.parametrize(
    ("ends", "error", "reason"),
    [(fails, LookupError, "no photo"), (leaves, RuntimeError, "a rank ended with exit code 3")],
)
@pytest.mark.parametrize("which", [0, 1])
def test_a_rank_that_dies(
    monkeypatch: pytest.MonkeyPatch, ends: Any, error: type[Exception], reason: str, which: int
) -> None:
    """Before it has come to where all ranks wait for each other."""
    came = multiprocessing.get_context("fork").Value("i", 0)

    def threads(_: int) -> None:
        with came.get_lock():
            order = came.value
            came.value += 1
        if order == which:
            ends()

    monkeypatch.setattr(measure.torch, "set_num_threads", threads)
    with pytest.raises(error, match=f"^{reason}$"):
        measure.all_ranks(range(8), 2, 0)  # pyright: ignore[reportArgumentType]
    assert multiprocessing.active_children() == []
