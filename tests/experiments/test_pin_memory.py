"""Pinned batches and copies that do not block: on a machine without a GPU, what arms start, wait for and time, what is
claimed and said.

The GPU is replaced by a clock that its calls move. What it does not prove: that a GPU answers like that, or any number.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
import torch

from snippets.experiments.pin_memory import measure, show
from snippets.experiments.pin_memory.arms import PAGEABLE, PAGEABLE_NON_BLOCKING, PINNED, PINNED_NON_BLOCKING
from snippets.lab.instruments.experiment import Sample
from snippets.lab.judging.claims import claims
from snippets.lab.judging.judge import inside
from snippets.lab.machine.machine import this_machine
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import estimate

from .gpu import Gpu
from .results import claim, plain, plain_values, result, statistics

ARMS = {
    PAGEABLE: (False, False),
    PAGEABLE_NON_BLOCKING: (False, True),
    PINNED: (True, False),
    PINNED_NON_BLOCKING: (True, True),
}
"""Whether batches are pinned, and whether copies do not block."""


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "products", lambda seconds: lambda: None)
    monkeypatch.setattr(measure, "step_seconds", lambda: 1.0)
    monkeypatch.setattr(measure, "BUFFER_BYTES", 8)


def test_arms_pin_and_do_not_block_as_named() -> None:
    with measure.EXPERIMENT.prepared() as arms:
        assert {name: arm.args for name, arm in arms.items() if isinstance(arm, partial)} == ARMS


@pytest.mark.parametrize("arm", [PAGEABLE_NON_BLOCKING, PINNED])
def test_an_arm_gives_what_it_says_to_the_loader_and_to_each_copy(
    monkeypatch: pytest.MonkeyPatch, gpu: Gpu, small: None, arm: str
) -> None:
    pinned: list[bool] = []
    copies: list[bool] = []
    monkeypatch.setattr(measure, "to_gpu", lambda batch, non_blocking: copies.append(non_blocking) or torch.zeros(1))
    monkeypatch.setattr(measure, "loader", lambda pin: pinned.append(pin) or iter(lambda: (torch.zeros(1),), None))
    monkeypatch.setattr(torch.Tensor, "pin_memory", lambda tensor: pinned.append(True) or tensor)
    with measure.arms() as arms:
        assert {*arms[arm]().values} == {"total", "call", "copy"}
    pin, non_blocking = ARMS[arm]
    assert pinned == ([True, True] if pin else [False])
    assert copies == [non_blocking] * (measure.COPIES + measure.BATCHES)


def test_an_arm_tells_its_values_apart(monkeypatch: pytest.MonkeyPatch, small: None) -> None:
    monkeypatch.setattr(measure, "copied", lambda source, non_blocking: (1.0, 2.0))
    monkeypatch.setattr(measure, "epoch", lambda batches, step, non_blocking: 3.0)
    monkeypatch.setattr(measure, "loader", lambda pin_memory: [])
    with measure.arms() as arms:
        assert arms[PAGEABLE]().values == {"total": 3.0, "call": 1.0, "copy": 2.0}


@pytest.mark.parametrize("pin", [False, True])
def test_a_loader_pins_and_does_not_end(pin: bool) -> None:
    made = measure.loader(pin)
    assert (made.pin_memory, made.num_workers, made.batch_size) == (pin, 4, 64)
    assert len(made) > 10**6


def test_a_copy_and_its_call_are_timed_apart(monkeypatch: pytest.MonkeyPatch, gpu: Gpu) -> None:
    def to_gpu(source: Any, non_blocking: bool) -> None:
        gpu.now += 1
        gpu.queued += 4

    gpu.queued = 100.0  # what was queued before is no part of it
    monkeypatch.setattr(measure, "to_gpu", to_gpu)
    monkeypatch.setattr(measure, "COPIES", 1)
    monkeypatch.setattr(measure.time, "perf_counter", lambda: gpu.now)
    assert measure.copied(torch.zeros(1), True) == (1.0, 5.0)


class Batches:
    """Each takes a second to come, and the end of the workers would take a thousand."""

    def __init__(self, gpu: Gpu) -> None:
        self.gpu, self.taken, self.began = gpu, 0, []

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> tuple[torch.Tensor]:
        self.taken += 1
        self.gpu.now += 1 if self.taken <= 3 * measure.WORKERS + measure.BATCHES else 1000
        return (torch.zeros(1),)


def test_an_epoch_begins_when_workers_run_and_does_not_end_them(monkeypatch: pytest.MonkeyPatch, gpu: Gpu) -> None:
    batches = Batches(gpu)

    def clock() -> float:
        batches.began.append(batches.taken)
        return gpu.now

    def step() -> None:
        gpu.queued += 10

    gpu.queued = 5000.0  # what was queued before is no part of it
    monkeypatch.setattr(measure, "to_gpu", lambda batch, non_blocking: batch)
    monkeypatch.setattr(measure.time, "perf_counter", clock)
    assert measure.epoch(batches, step, False) == measure.BATCHES * 11
    assert batches.began == [12, 12 + measure.BATCHES]


@pytest.mark.parametrize(("copy", "throughput", "expected"), [(0.002, 64 / 0.003, 0.008), (0.002, 64 / 0.006, 0.012)])
def test_a_step_leaves_room_for_the_copy_and_for_the_workers(
    monkeypatch: pytest.MonkeyPatch, copy: float, throughput: float, expected: float
) -> None:
    monkeypatch.setattr(measure, "copied", lambda batch, non_blocking: (0.0, copy))
    monkeypatch.setattr(measure, "time_loader", lambda loader, window: Sample({"throughput": throughput}))
    assert measure.step_seconds() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("shm", "reason"),
    [
        (64 * 2**20, "its batches need 147 MiB of /dev/shm, which has 64 MiB"),
        (2**30, None),
        (None, None),
    ],
)
def test_where_shared_memory_is_too_small_it_cannot_run(
    monkeypatch: pytest.MonkeyPatch, shm: int | None, reason: str | None
) -> None:
    """A container has 64 MiB, unless it is told otherwise. Where there is none, batches take another way."""
    monkeypatch.setattr(measure.cuda, "missing", lambda: None)
    monkeypatch.setattr(measure, "this_machine", lambda: replace(this_machine(), shm=shm))
    assert measure.EXPERIMENT.unavailable() == reason


def test_the_room_is_that_of_sixteen_batches() -> None:
    dataset: Any = measure.loader(False).dataset
    (image,) = dataset[0]
    assert 16 * 64 * image.nbytes == measure.SHARED_BYTES


def copied(*seconds: tuple[float, float, float]) -> Measured:
    """Of each arm: the epoch, a copy, its call."""
    values: list[dict[str, float]] = [dict(zip(("total", "copy", "call"), each, strict=True)) for each in seconds]
    return result("total", dict(zip(ARMS, values, strict=True)), buffer_bytes=2**24)


MEASURED = copied((1.2, 0.012, 0.011), (1.0, 0.010, 0.008), (0.8, 0.003, 0.0027), (0.6, 0.002, 0.0001))


def test_claims() -> None:
    assert statistics("pin-memory", MEASURED) == pytest.approx(
        {
            "pinned-copies-are-faster": 4.0,
            "a-pinned-copy-returns-at-once": 0.05,
            "a-pageable-copy-holds-its-caller": 0.8,
            "pinning-and-not-blocking-helps": 2.0,
        }
    )


def held(measured: Measured) -> list[str]:
    """Which claims hold."""
    return [one.id for one in claims("pin-memory") if inside(one.bounds, estimate(one.statistic.of(measured)))]


def test_bounds_can_be_met_and_missed() -> None:
    """No machine without a GPU judges these. By seconds from theory, a step of four copies from pageable memory, and a
    copy from pinned memory that takes half as long, all hold. If each copy takes as long and its caller waits for it,
    only what is said of pageable memory does.
    """
    pageable = (5.0, 1.0, 1.0)
    pinned, at_once = (4.5, 0.5, 0.5), (4.5, 0.5, 0.0)
    assert held(copied(pageable, pageable, pinned, at_once)) == [one.id for one in claims("pin-memory")]
    assert held(copied(*[pageable] * 4)) == ["a-pageable-copy-holds-its-caller"]


def test_the_reason_is_arithmetic_of_the_parameters() -> None:
    assert measure.STEP_OVER_COPY == 4
    assert "up to a quarter of the step" in claim("pinning-and-not-blocking-helps").because


def test_values_and_figure() -> None:
    values = plain_values(show.values(MEASURED))
    assert (values["non_blocking"], values["pinned"], values["both"]) == ("83 %", "67 %", "50 %")
    assert (values["copy"], values["copy_pinned"]) == ("12 ms", "3 ms")
    figure = show.figure(MEASURED)
    assert "A copy of 16 MiB" in figure.message
    assert [plain(row[3]) for row in figure.table.rows][0] == "11 ms"
