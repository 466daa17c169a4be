"""What CUDA costs in a worker and beside it: how workers are started and timed, whose memory counts, what is claimed
and said. test_gpu.py runs the arms on a GPU.

What it does not prove: what a context takes, or how long a start.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from typing import Any, Self

import pytest
import torch
from torch.utils.data import DataLoader

from snippets.experiments.cuda_workers import measure, show
from snippets.experiments.cuda_workers.arms import AFTER, BEFORE, WITH, WITHOUT
from snippets.lab.figures.drawing import draw
from snippets.lab.figures.figure import Bars
from snippets.lab.instruments.experiment import AGAIN, needs_fork
from snippets.lab.judging.claim import NotHere
from snippets.lab.judging.claims import claims
from snippets.lab.judging.judge import inside, judge
from snippets.lab.machine.machine import this_machine
from snippets.lab.machine.surroundings import Surroundings
from snippets.lab.results.results import Measured, RoundSample
from snippets.lab.results.stats import estimate

from .gpu import Gpu
from .results import plain, plain_values, result, statistics


class Workers:
    """In the place of a loader's: they take 3 s to start, 4 to deliver a batch and 1000 to end, and 5 bytes."""

    def __init__(self, gpu: Gpu, memory: list[int]) -> None:
        self.gpu, self.memory = gpu, memory
        gpu.now += 3

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> int:
        self.gpu.now += 4
        self.memory[0] -= 5
        return 0

    def __del__(self) -> None:
        self.gpu.now += 1000
        self.memory[0] += 5


@pytest.fixture
def loaders(monkeypatch: pytest.MonkeyPatch, gpu: Gpu) -> list[Any]:
    """Each that begins to load: its dataset's device, its workers, and how they are started."""
    began: list[Any] = []
    memory = [100]

    def begins(loader: Any) -> Workers:
        method = loader.multiprocessing_context.get_start_method()
        began.append((loader.dataset.device, loader.num_workers, method))
        return Workers(gpu, memory)

    def free() -> int:
        # The first time, it makes this process's own context.
        memory[0] -= 50 if memory[0] == 100 else 0
        gpu.now += 20
        return memory[0]

    monkeypatch.setattr(DataLoader, "__iter__", begins)
    monkeypatch.setattr(measure, "free", free)
    monkeypatch.setattr(measure, "across_a_bus", lambda: True)
    monkeypatch.setattr(measure.time, "perf_counter", lambda: gpu.now)
    return began


@pytest.mark.parametrize(("arm", "device"), [(WITHOUT, "cpu"), (WITH, "cuda")])
def test_a_spawned_worker_is_timed_and_weighed_until_its_first_batch(loaders: list[Any], arm: str, device: str) -> None:
    """Neither with the context of the process that measures, nor with the worker's end."""
    with measure.EXPERIMENT.prepared() as arms:
        for _ in ("the first worker", "another one, when it has ended"):
            assert arms[arm]().values == {"first_batch": 7.0, "gpu_bytes": 5.0, "bus": 1.0}
    assert loaders == [(device, 1, "spawn")] * 2


def test_a_spawned_worker_s_arm_tells_whether_the_gpu_has_memory_of_its_own(
    loaders: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure, "across_a_bus", lambda: False)
    with measure.EXPERIMENT.prepared() as arms:
        assert [arms[arm]().values["bus"] for arm in (WITHOUT, WITH)] == [0.0, 0.0]


def test_memory_is_what_no_process_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda: (30, 80))
    assert measure.free() == 30


def test_items_are_made_on_the_device_and_given_as_cpu_tensors(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    real = torch.full

    def full(size: Any, value: float, device: str) -> torch.Tensor:
        made.append(device)
        return real(size, value, device="meta" if device == "cuda" else device)

    monkeypatch.setattr(torch, "full", full)
    monkeypatch.setattr(torch.Tensor, "cpu", lambda tensor: f"from {tensor.device}")
    assert [measure.Items(device)[1] for device in ("cpu", "cuda")] == ["from cpu", "from meta"]
    assert made == ["cpu", "cuda"]
    assert len(measure.Items("cpu")) == measure.WORKERS, "each has something to do"


def test_a_later_start_of_eight_forked_workers_is_timed(loaders: list[Any]) -> None:
    assert measure.later_start() == 7.0
    assert loaders == [("cpu", 8, "fork")] * 2 and measure.WORKERS == 8


class InThisProcess:
    """In the place of an executor: what it was made with, and what it was given to do."""

    made: list[Any] = []

    def __init__(self, workers: int, context: Any, initializer: Callable[[], None] | None = None) -> None:
        self.about = (workers, context.get_start_method(), initializer)
        self.ended = False
        InThisProcess.made.append(self)
        self.given: list[Any] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.ended = True

    def submit(self, function: Callable[[], float]) -> Future[float]:
        self.given.append(function)
        future: Future[float] = Future()
        future.set_result(0.25)
        return future


def test_workers_are_forked_in_new_processes_of_which_one_has_used_cuda(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that measures has used it, so it forks none."""
    monkeypatch.setattr(InThisProcess, "made", [])
    monkeypatch.setattr(measure, "ProcessPoolExecutor", InThisProcess)
    with measure.EXPERIMENT.prepared() as arms:
        for name in (BEFORE, AFTER, AFTER):
            assert arms[name]().values == {"first_batch": 0.25}
    without, used = InThisProcess.made
    assert without.about == (1, "spawn", None) and used.about == (1, "spawn", measure.use_cuda)
    assert (without.given, used.given) == ([measure.later_start], [measure.later_start] * 2)
    assert without.ended and used.ended


def test_to_use_cuda_is_to_make_a_tensor_there(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(torch, "ones", lambda size, device: made.append(device))
    measure.use_cuda()
    assert made == ["cuda"]


@pytest.mark.skipif(bool(needs_fork()), reason="needs fork")
def test_forked_workers_deliver_in_a_new_process() -> None:
    """For once with real processes, which is what the arm without CUDA does."""
    with measure.EXPERIMENT.prepared() as arms:
        assert arms[BEFORE]().values["first_batch"] > 0


# What is claimed and said.


def workers(
    without: float, with_cuda: float, held: float, before: float, after: float, held_without: float = 0.0, bus: int = 1
) -> Measured:
    values = {
        WITHOUT: {"first_batch": without, "gpu_bytes": held_without, "bus": bus},
        WITH: {"first_batch": with_cuda, "gpu_bytes": held, "bus": bus},
        BEFORE: {"first_batch": before},
        AFTER: {"first_batch": after},
    }
    return result("first_batch", values, workers=8)


MEASURED = workers(2.0, 2.5, 480e6, 0.1, 0.2, 3e6)


def test_claims() -> None:
    assert statistics("cuda-workers", MEASURED) == pytest.approx(
        {
            "a-cuda-worker-takes-gpu-memory": 480e6,
            "a-worker-without-cuda-takes-no-gpu-memory": 3e6,
            "forks-stay-quick-beside-cuda": 0.1,
        }
    )


def held(measured: Measured) -> list[bool]:
    """Which claims hold."""
    return [inside(one.bounds, estimate(one.statistic.of(measured))) for one in claims("cuda-workers")]


def test_bounds_can_be_met_and_missed() -> None:
    """No machine without a GPU judges these. From a T4, with a context of 100 MB and two slow cores, to an H100; then
    if a context took nothing, if every worker made one, and if forks took as long as spawned workers.
    """
    assert held(workers(5.0, 5.5, 100e6, 0.5, 1.5)) == [True, True, True]
    assert held(workers(2.0, 3.0, 520e6, 0.1, 0.3, 5e6)) == [True, True, True], (
        "another process may take a little meanwhile"
    )
    assert held(workers(2.0, 2.0, 0.0, 2.0, 2.0, 0.0)) == [False, True, False]
    assert held(workers(2.0, 2.0, 480e6, 0.1, 0.2, 480e6)) == [True, False, True]


OF_MEMORY = ("a-cuda-worker-takes-gpu-memory", "a-worker-without-cuda-takes-no-gpu-memory")


def test_starts_that_scatter_leave_memory_to_be_judged() -> None:
    """Eight forked workers start in a time that differs from itself by more than their claim allows."""
    noisy = replace(
        MEASURED,
        again=BEFORE,
        samples=[*MEASURED.samples, *(RoundSample(0, at, BEFORE + AGAIN, {"first_batch": 0.9}) for at in range(7))],
        surroundings=[Surroundings([4.0] * 7, 0.0, None)],
    )
    verdicts = {one.id: judge(one, noisy, this_machine()).verdict for one in claims("cuda-workers")}
    assert [verdicts.pop(name) for name in OF_MEMORY] == ["holds", "holds"]
    assert verdicts == {"forks-stay-quick-beside-cuda": "too noisy to tell"}


def test_nothing_is_claimed_of_gpu_memory_that_is_the_host_s() -> None:
    shared = workers(2.0, 2.5, 480e6, 0.1, 0.2, bus=0)
    for one in claims("cuda-workers"):
        if one.id in OF_MEMORY:
            with pytest.raises(NotHere, match="as its own"):
                one.statistic.of(shared)
        else:
            assert one.statistic.of(shared)


def test_values_and_figure() -> None:
    values = plain_values(show.values(MEASURED))
    assert (values["without"], values["with"], values["memory"]) == ("2 s", "2.5 s", "480 MB")
    assert (values["before"], values["after"], values["workers"]) == ("100 ms", "200 ms", "8")
    figure = show.figure(MEASURED)
    assert "<svg" in draw("cuda-workers", figure.chart, figure.message)
    assert "after 2 s, and after 2.5 s where its items use CUDA; it then holds 480 MB" in plain(figure.message)
    assert "after 100 ms where their parent has not used CUDA, and after 200 ms" in plain(figure.message)
    assert isinstance(figure.chart, Bars)
    assert [bar.value.median for group in figure.chart.groups for bar in group.bars] == [2.0, 2.5, 0.1, 0.2]
    assert [plain(row[2]) for row in figure.table.rows] == ["3 MB", "480 MB", "", ""]
