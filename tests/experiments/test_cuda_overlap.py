"""Photos and a real step: on a machine without a GPU, what arms start, wait for and time, what is claimed and said.

The GPU is replaced by a clock that its calls move. What it does not prove: that a GPU answers like that, or any number.
"""

from typing import Any

import pytest
import torch

from snippets.experiments.cuda_overlap import measure, show
from snippets.experiments.cuda_overlap.arms import EIGHT, NONE, UNAWAITED, arm
from snippets.lab.figures.figure import Timeline
from snippets.lab.instruments.experiment import Sample
from snippets.lab.judging.claims import claims
from snippets.lab.judging.judge import inside
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import estimate

from .gpu import Gpu
from .results import claim, plain_values, result, statistics

ARMS = {
    NONE: {"per_batch": 0.06, "waited_steady": 0.6, "main_cpu": 0.7},
    arm(2): {"per_batch": 0.05, "waited_steady": 0.5, "main_cpu": 0.6},
    arm(4): {"per_batch": 0.03, "waited_steady": 0.4, "main_cpu": 0.5},
    EIGHT: {"per_batch": 0.02, "waited_steady": 0.1, "main_cpu": 0.4},
    UNAWAITED: {"per_batch": 0.04},
}
MEASURED = result("per_batch", ARMS, batches=16, batch_size=12)
DATASET: Any = range(measure.BATCHES * measure.BATCH_SIZE)


def test_each_step_is_waited_for_or_none(monkeypatch: pytest.MonkeyPatch, gpu: Gpu) -> None:
    """For each step, how often the GPU had been waited for before."""
    steps: list[int] = []
    monkeypatch.setattr(measure, "queued_step", lambda seconds: lambda batch: steps.append(gpu.waits))
    monkeypatch.setattr(measure, "seconds_to_decode", lambda dataset: 0.04)
    monkeypatch.setattr(measure, "Photos", lambda folder: DATASET)
    with measure.arms() as arms:
        sample = arms[NONE]()
        assert steps == [*range(measure.BATCHES)] and gpu.waits == measure.BATCHES
        assert sample.trace and sum(span["role"] == "step" for span in sample.trace) == measure.BATCHES
        steps.clear()
        gpu.waits = 0
        assert arms[UNAWAITED]().values["per_batch"] > 0
        assert steps == [1] * measure.BATCHES and gpu.waits == 2, "at both ends, and nowhere between them"


def test_a_loop_that_does_not_wait_is_timed_until_its_last_step_is_done(
    monkeypatch: pytest.MonkeyPatch, gpu: Gpu
) -> None:
    def step(batch: Any) -> None:
        gpu.now += 1  # launching
        gpu.queued += 2

    monkeypatch.setattr(measure.time, "perf_counter", lambda: gpu.now)
    assert measure.unawaited_epoch(DATASET, step).values == {"per_batch": 3.0}


def test_the_step_is_half_as_long_as_decoding_and_made_once(monkeypatch: pytest.MonkeyPatch, gpu: Gpu) -> None:
    made: list[float] = []
    monkeypatch.setattr(measure, "seconds_to_decode", lambda dataset: 0.04)
    monkeypatch.setattr(measure, "queued_step", lambda seconds: made.append(seconds) or (lambda batch: None))
    monkeypatch.setattr(measure, "epoch", lambda dataset, step, num_workers: Sample({"per_batch": 1.0}))
    with measure.arms() as arms:
        assert made == [], "a machine without a GPU may ask which arms there are"
        for name in (NONE, EIGHT):
            arms[name]()
    assert made == [0.02]


def test_a_step_copies_its_batch_and_then_multiplies(monkeypatch: pytest.MonkeyPatch, gpu: Gpu) -> None:
    done: list[str] = []

    class Batch:
        def to(self, device: str) -> torch.Tensor:
            done.append(device)
            return torch.zeros(1)

    monkeypatch.setattr(measure, "products", lambda seconds: lambda: done.append(f"{seconds} s"))
    measure.queued_step(0.02)(Batch())
    assert done == ["cuda", "0.02 s"] and gpu.waits == 0
    measure.awaited(lambda batch: done.append(batch))("a batch")
    assert done[2:] == ["a batch"] and gpu.waits == 1


def test_how_busy_the_main_process_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of four seconds."""
    cpu = iter([1.0, 3.0])
    monkeypatch.setattr(measure, "traced_epoch", lambda *_, **__: Sample({"total": 4.0}))
    monkeypatch.setattr(measure.time, "thread_time", lambda: next(cpu))
    assert measure.epoch(DATASET, print, 0).values == {"total": 4.0, "main_cpu": 0.5}


def test_a_batch_is_decoded_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once to have its files in memory, and then three times: the one in the middle counts."""
    decoded: list[int] = []
    clock = iter([0.0, 9.0, 10.0, 11.0, 20.0, 27.0, 30.0, 32.0])

    class Noting:
        def __getitem__(self, index: int) -> int:
            decoded.append(index)
            return index

    monkeypatch.setattr(measure.time, "perf_counter", lambda: next(clock))
    assert measure.seconds_to_decode(Noting()) == 2.0  # pyright: ignore[reportArgumentType]
    assert decoded == [*range(measure.BATCH_SIZE)] * 4


def test_claims() -> None:
    """Workers are compared with a loop that does not wait for its steps, as ordinary ones do not."""
    assert statistics("cuda-overlap", MEASURED) == pytest.approx(
        {"launches-overlap-without-workers": 1.5, "workers-feed-a-gpu": 2.0}
    )


def held(seconds: dict[str, float]) -> list[bool]:
    """Which claims hold."""
    measured: Measured = result("per_batch", {arm: {"per_batch": each} for arm, each in seconds.items()})
    return [inside(one.bounds, estimate(one.statistic.of(measured))) for one in claims("cuda-overlap")]


def test_bounds_can_be_met_and_missed() -> None:
    """No machine without a GPU judges these: decoding takes a second, and a step half of it; or nothing is gained."""
    assert held({NONE: 1.5, UNAWAITED: 1.0, EIGHT: 0.5}) == [True, True]
    assert held({NONE: 1.0, UNAWAITED: 1.0, EIGHT: 1.0}) == [False, False]


def test_the_reason_is_arithmetic_of_the_parameters() -> None:
    assert measure.STEP_SHARE == 0.5
    reason = claim("launches-overlap-without-workers").because
    assert f"half as long as decoding a batch. Waited for, it comes on top: {1 + measure.STEP_SHARE} times." in reason


def test_values_and_figure() -> None:
    values = plain_values(show.values(MEASURED))
    assert (values["none"], values["unawaited"], values["eight"]) == ("60 ms", "40 ms", "20 ms")
    assert (values["waited_none"], values["waited_eight"], values["main_cpu"]) == ("60 %", "10 %", "40 %")
    assert values["speedup"] == "2.0 times"
    figure = show.figure(MEASURED)
    assert "16 batches of 12 photos" in figure.message
    assert {row[0] for row in figure.table.rows} == {*ARMS} and len(figure.table.rows) == len(ARMS)
    assert isinstance(figure.chart, Timeline) and len(figure.chart.runs) == 2
    assert figure.chart.names == (("step", "step (on the GPU)"),)
