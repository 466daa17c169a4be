"""A worker that touches CUDA: how it is started, what its parent did before, and what is claimed of it. test_gpu.py
looks at it on a GPU.

CUDA, and in most tests the loader, are replaced. What it does not prove: what CUDA does after a fork.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import partial
from typing import Any, Self

import pytest
import torch

from snippets.experiments.cuda_fork import measure
from snippets.experiments.cuda_fork.arms import ASKED, DEVICE_COUNT, FORK, IS_AVAILABLE, SPAWN
from snippets.lab.instruments.experiment import Sample
from snippets.lab.judging.claim import NotHere

from .results import claim, result, statistics


def test_each_arm_starts_its_worker_and_asks_as_named() -> None:
    with measure.EXPERIMENT.prepared() as arms:
        runs = {name: (arm.func, arm.args) for name, arm in arms.items() if isinstance(arm, partial)}
    assert runs == {
        FORK: (measure.after_use, ("fork",)),
        SPAWN: (measure.after_use, ("spawn",)),
        IS_AVAILABLE: (measure.after_asking, ("is_available",)),
        DEVICE_COUNT: (measure.after_asking, ("device_count",)),
    }
    assert all(f" {question}()" in name and name.startswith("fork") for name, question in ASKED.items())
    assert all(callable(getattr(torch.cuda, question)) for question in ASKED.values())


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (None, 0.0),
        (RuntimeError(f"Caught in worker 0: {measure.MESSAGE}. To use CUDA …"), 1.0),
        (RuntimeError("CUDA error: out of memory"), RuntimeError),
        (ValueError(measure.MESSAGE), ValueError),
    ],
)
def test_only_torchs_own_error_counts(
    monkeypatch: pytest.MonkeyPatch, error: Exception | None, outcome: float | type[Exception]
) -> None:
    made: list[Any] = []

    def loader(dataset: Any, num_workers: int, multiprocessing_context: str) -> Iterator[float]:
        made.append((type(dataset), num_workers, multiprocessing_context))
        if error:
            raise error
        yield 0.0

    monkeypatch.setattr(measure, "DataLoader", loader)
    if isinstance(outcome, type):
        with pytest.raises(outcome):
            measure.refused("spawn")
    else:
        assert measure.refused("spawn") == outcome
    assert made == [(measure.OnTheGpu, 1, "spawn")]


def test_items_are_made_on_the_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    real = torch.full
    monkeypatch.setattr(torch, "full", lambda size, value, device: made.append(device) or real(size, float(value)))
    assert measure.OnTheGpu()[3] == 3.0 and made == ["cuda"]


def test_the_parent_uses_cuda_before_its_worker_does(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[Any] = []
    monkeypatch.setattr(torch, "ones", lambda size, device: done.append(device))
    monkeypatch.setattr(measure, "refused", lambda method: done.append(method) or 1.0)
    assert measure.after_use("spawn").values == {"refused": 1.0}
    assert done == ["cuda", "spawn"]


@pytest.mark.parametrize("question", ASKED.values())
@pytest.mark.parametrize(("counted", "nvml"), [(-1, 0.0), (0, 1.0), (2, 1.0)])
def test_a_parent_asks_one_thing_alone_and_forks(
    monkeypatch: pytest.MonkeyPatch, question: str, counted: int, nvml: float
) -> None:
    """NVML is asked before, for a process that has used CUDA counts otherwise. A setting with which `is_available` is
    no question to CUDA is taken away.
    """
    done: list[str] = []

    def asks(name: str, answer: object) -> Callable[[], object]:
        def asked() -> object:
            assert "PYTORCH_NVML_BASED_CUDA_CHECK" not in os.environ
            done.append(name)
            return answer

        return asked

    monkeypatch.setenv("PYTORCH_NVML_BASED_CUDA_CHECK", "1")
    monkeypatch.setattr(torch.cuda, "_device_count_nvml", asks("nvml", counted))
    for each in ASKED.values():
        monkeypatch.setattr(torch.cuda, each, asks(each, 1))
    monkeypatch.setattr(measure, "refused", lambda method: done.append(method) or 1.0)
    assert measure.ask_and_fork(question) == {"refused": 1.0, "nvml": nvml}
    assert done == ["nvml", question, "fork"]


def test_what_is_asked_is_asked_in_a_new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one worker, which is spawned, and ends."""
    happened: list[Any] = []

    class Executor:
        def __init__(self, workers: int, context: Any) -> None:
            happened.append((workers, context.get_start_method()))

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *error: object) -> None:
            happened.append("ended")

        def submit(self, function: Callable[[str], Any], question: str) -> Future[Any]:
            happened.append((function, question))
            future: Future[Any] = Future()
            future.set_result({"refused": 1.0, "nvml": 1.0})
            return future

    monkeypatch.setattr(measure, "ProcessPoolExecutor", Executor)
    assert measure.after_asking("device_count") == Sample({"refused": 1.0, "nvml": 1.0})
    assert happened == [(1, "spawn"), (measure.ask_and_fork, "device_count"), "ended"]


def outcomes(nvml: float) -> Any:
    values = {
        FORK: {"refused": 1.0},
        SPAWN: {"refused": 2.0},
        IS_AVAILABLE: {"refused": 3.0, "nvml": nvml},
        DEVICE_COUNT: {"refused": 4.0, "nvml": nvml},
    }
    return result("", values, rounds=1)


def test_claims() -> None:
    assert statistics("cuda-fork", outcomes(1.0)) == {
        "forked-workers-may-not-use-cuda": 1,
        "spawned-workers-may-use-cuda": 2,
        "is-available-counts-as-use": 3,
        "device-count-is-no-use": 4,
    }


def test_where_nvml_does_not_answer_nothing_is_said_of_counting() -> None:
    """torch then asks CUDA, as `is_available` does."""
    with pytest.raises(NotHere, match="NVML did not answer"):
        claim("device-count-is-no-use").statistic.of(outcomes(0.0))
    assert claim("is-available-counts-as-use").statistic.of(outcomes(0.0)) == [3.0]
