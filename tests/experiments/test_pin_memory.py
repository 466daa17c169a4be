"""The arms of the experiments for a GPU, on a machine without one: what they start, wait for and time.

The GPU is replaced by a clock that its calls move. What it does not prove: that a GPU answers like that, or any number.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
import torch
from torch.utils.data import DataLoader

from snippets.experiments.cuda_overlap import measure as cuda_overlap
from snippets.experiments.pin_memory import measure as pin_memory
from snippets.lab.instruments.experiment import Sample

from .arms import experiment

UNAWAITED = "0 workers, not waiting for steps"


class Gpu:
    """Work that is queued is done when somebody waits for it."""

    def __init__(self) -> None:
        self.now, self.queued, self.waits = 100.0, 0.0, 0

    def wait(self) -> None:
        self.waits += 1
        self.now += self.queued
        self.queued = 0.0


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> Gpu:
    gpu = Gpu()
    monkeypatch.setattr(torch.cuda, "synchronize", gpu.wait)
    return gpu


# Workers and a step on a GPU.


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch, gpu: Gpu) -> list[int]:
    """For each step, how often the GPU had been waited for before."""
    taken: list[int] = []
    monkeypatch.setattr(cuda_overlap, "queued_step", lambda seconds: lambda batch: taken.append(gpu.waits))
    return taken


def test_arms_differ_in_workers_and_in_whether_a_step_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, gpu: Gpu, steps: list[int]
) -> None:
    began: list[int] = []
    begin = DataLoader.__iter__
    monkeypatch.setattr(DataLoader, "__iter__", lambda self: began.append(self.num_workers) or begin(self))
    with cuda_overlap.arms() as arms:
        assert [*arms] == ["0 workers", "2 workers", "4 workers", "8 workers", UNAWAITED]
        for name, arm in arms.items():
            gpu.waits = 0
            sample = arm()
            assert began.pop() == int(name.split()[0]), name
            assert sample.values["per_batch"] > 0
            assert len(steps) == cuda_overlap.BATCHES
            if name == UNAWAITED:
                assert {*steps} == {1} and gpu.waits == 2, "at both ends, and nowhere between them"
            else:
                assert steps == [*range(cuda_overlap.BATCHES)] and gpu.waits == cuda_overlap.BATCHES
                assert sample.trace and sum(span["role"] == "step" for span in sample.trace) == cuda_overlap.BATCHES
            steps.clear()


def test_a_loop_that_does_not_wait_is_timed_until_its_last_step_is_done(
    monkeypatch: pytest.MonkeyPatch, gpu: Gpu
) -> None:
    def step(batch: Any) -> None:
        gpu.now += 1  # launching
        gpu.queued += 2

    monkeypatch.setattr(cuda_overlap.time, "perf_counter", lambda: gpu.now)
    values = cuda_overlap.unawaited_epoch(range(cuda_overlap.BATCHES * cuda_overlap.BATCH_SIZE), step).values  # pyright: ignore[reportArgumentType]
    assert values == {"per_batch": 3.0}


def test_the_step_is_half_as_long_as_decoding_and_made_once(monkeypatch: pytest.MonkeyPatch, gpu: Gpu) -> None:
    made: list[float] = []
    monkeypatch.setattr(cuda_overlap, "seconds_to_decode", lambda dataset: 0.04)
    monkeypatch.setattr(cuda_overlap, "queued_step", lambda seconds: made.append(seconds) or (lambda batch: None))
    monkeypatch.setattr(cuda_overlap, "epoch", lambda dataset, step, num_workers: Sample({"per_batch": 1.0}))
    with cuda_overlap.arms() as arms:
        assert made == [], "a machine without a GPU may ask which arms there are"
        for arm in (arms["0 workers"], arms["8 workers"]):
            arm()
    assert made == [0.02]


def test_a_step_copies_its_batch_and_then_multiplies(monkeypatch: pytest.MonkeyPatch, gpu: Gpu) -> None:
    done: list[str] = []

    class Batch:
        def to(self, device: str) -> torch.Tensor:
            done.append(device)
            return torch.zeros(1)

    monkeypatch.setattr(cuda_overlap, "products", lambda seconds: lambda: done.append(f"{seconds} s"))
    cuda_overlap.queued_step(0.02)(Batch())
    assert done == ["cuda", "0.02 s"] and gpu.waits == 0
    cuda_overlap.awaited(lambda batch: done.append(batch))("a batch")
    assert done[2:] == ["a batch"] and gpu.waits == 1


def test_how_busy_the_main_process_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of four seconds."""
    cpu = iter([1.0, 3.0])
    monkeypatch.setattr(cuda_overlap, "traced_epoch", lambda *_, **__: Sample({"total": 4.0}))
    monkeypatch.setattr(cuda_overlap.time, "thread_time", lambda: next(cpu))
    assert cuda_overlap.epoch(range(1), print, 0).values == {"total": 4.0, "main_cpu": 0.5}  # pyright: ignore[reportArgumentType]


def test_a_batch_is_decoded_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once to have its files in memory, and then three times: the one in the middle counts."""
    decoded: list[int] = []
    clock = iter([0.0, 9.0, 10.0, 11.0, 20.0, 27.0, 30.0, 32.0])

    class Noting:
        def __getitem__(self, index: int) -> int:
            decoded.append(index)
            return index

    monkeypatch.setattr(cuda_overlap.time, "perf_counter", lambda: next(clock))
    assert cuda_overlap.seconds_to_decode(Noting()) == 2.0  # pyright: ignore[reportArgumentType]
    assert decoded == [*range(cuda_overlap.BATCH_SIZE)] * 4


# Pinned batches.


def test_pinning_arms_pin_and_do_not_block() -> None:
    with experiment("pin-memory").prepared() as arms:
        told = {name: arm.args for name, arm in arms.items() if isinstance(arm, partial)}
    assert told == {
        "pageable": (False, False),
        "pageable, non_blocking": (False, True),
        "pinned": (True, False),
        "pinned, non_blocking": (True, True),
    }


@pytest.mark.parametrize(("pin", "non_blocking"), [(False, True), (True, False)])
def test_an_arm_gives_what_it_says_to_the_loader_and_to_each_copy(
    monkeypatch: pytest.MonkeyPatch, gpu: Gpu, pin: bool, non_blocking: bool
) -> None:
    pinned: list[bool] = []
    copies: list[bool] = []
    monkeypatch.setattr(pin_memory, "to_gpu", lambda batch, non_blocking: copies.append(non_blocking) or torch.zeros(1))
    monkeypatch.setattr(pin_memory, "loader", lambda pin: pinned.append(pin) or iter(lambda: (torch.zeros(1),), None))
    monkeypatch.setattr(pin_memory, "products", lambda seconds: lambda: None)
    monkeypatch.setattr(pin_memory, "step_seconds", lambda: 1.0)
    monkeypatch.setattr(torch.Tensor, "pin_memory", lambda tensor: pinned.append(True) or tensor)
    monkeypatch.setattr(pin_memory, "BUFFER_BYTES", 8)
    with pin_memory.arms() as arms:
        arm = next(a for a in arms.values() if isinstance(a, partial) and a.args == (pin, non_blocking))
        assert {*arm().values} == {"total", "call", "copy"}
    assert pinned == ([True, True] if pin else [False])
    assert copies == [non_blocking] * (pin_memory.COPIES + pin_memory.BATCHES)


def test_an_arm_tells_its_values_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pin_memory, "copied", lambda source, non_blocking: (1.0, 2.0))
    monkeypatch.setattr(pin_memory, "epoch", lambda batches, step, non_blocking: 3.0)
    monkeypatch.setattr(pin_memory, "loader", lambda pin_memory: [])
    monkeypatch.setattr(pin_memory, "products", lambda seconds: lambda: None)
    monkeypatch.setattr(pin_memory, "step_seconds", lambda: 1.0)
    monkeypatch.setattr(pin_memory, "BUFFER_BYTES", 8)
    with pin_memory.arms() as arms:
        assert arms["pageable"]().values == {"total": 3.0, "call": 1.0, "copy": 2.0}


def test_a_loader_pins_and_does_not_end() -> None:
    for pin in (False, True):
        made = pin_memory.loader(pin)
        assert (made.pin_memory, made.num_workers, made.batch_size) == (pin, 4, 64)
        assert len(made) > 10**6


def test_a_copy_and_its_call_are_timed_apart(monkeypatch: pytest.MonkeyPatch, gpu: Gpu) -> None:
    def to_gpu(source: Any, non_blocking: bool) -> None:
        gpu.now += 1
        gpu.queued += 4

    gpu.queued = 100.0  # what was queued before is no part of it
    monkeypatch.setattr(pin_memory, "to_gpu", to_gpu)
    monkeypatch.setattr(pin_memory, "COPIES", 1)
    monkeypatch.setattr(pin_memory.time, "perf_counter", lambda: gpu.now)
    assert pin_memory.copied(torch.zeros(1), True) == (1.0, 5.0)


class Batches:
    """Each takes a second to come, and the end of the workers would take a thousand."""

    def __init__(self, gpu: Gpu) -> None:
        self.gpu, self.taken, self.began = gpu, 0, []

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> tuple[torch.Tensor]:
        self.taken += 1
        self.gpu.now += 1 if self.taken <= 3 * pin_memory.WORKERS + pin_memory.BATCHES else 1000
        return (torch.zeros(1),)


def test_an_epoch_begins_when_workers_run_and_does_not_end_them(monkeypatch: pytest.MonkeyPatch, gpu: Gpu) -> None:
    batches = Batches(gpu)

    def clock() -> float:
        batches.began.append(batches.taken)
        return gpu.now

    def step() -> None:
        gpu.queued += 10

    gpu.queued = 5000.0  # what was queued before is no part of it
    monkeypatch.setattr(pin_memory, "to_gpu", lambda batch, non_blocking: batch)
    monkeypatch.setattr(pin_memory.time, "perf_counter", clock)
    assert pin_memory.epoch(batches, step, False) == pin_memory.BATCHES * 11
    assert batches.began == [12, 12 + pin_memory.BATCHES]


@pytest.mark.parametrize(("copy", "throughput", "expected"), [(0.002, 64 / 0.003, 0.008), (0.002, 64 / 0.006, 0.012)])
def test_a_step_leaves_room_for_the_copy_and_for_the_workers(
    monkeypatch: pytest.MonkeyPatch, copy: float, throughput: float, expected: float
) -> None:
    monkeypatch.setattr(pin_memory, "copied", lambda batch, non_blocking: (0.0, copy))
    monkeypatch.setattr(pin_memory, "time_loader", lambda loader, window: Sample({"throughput": throughput}))
    assert pin_memory.step_seconds() == pytest.approx(expected)
