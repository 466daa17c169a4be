"""GPU utilisation beside the wait for batches: on a machine without a GPU, what is asked of nvidia-smi, what three
loops load, wait for and time, what is claimed and said.

nvidia-smi is played by a script, and the GPU by a clock that its calls move. What it does not prove: that a driver
answers like that, or any number.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from snippets.experiments.utilisation import measure, nvidia_smi, show
from snippets.experiments.utilisation.arms import HELD_UP, ONE_THREAD, STARVED
from snippets.lab.figures.figure import Bars
from snippets.lab.instruments import cuda
from snippets.lab.instruments.experiment import Sample
from snippets.lab.judging.claims import claims
from snippets.lab.judging.judge import inside
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import estimate

from .dry_run import sleeps
from .gpu import Gpu
from .results import claim, plain_values, result, statistics

# What nvidia-smi is asked.

PROPERTIES = SimpleNamespace(
    uuid="5f3c-a1", multi_processor_count=132, max_threads_per_multi_processor=2048, name="NVIDIA H100"
)
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="nvidia-smi is played by a script of sh")


@pytest.fixture(autouse=True)
def properties(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda device: PROPERTIES)


@pytest.fixture
def bin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of commands, before all others."""
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


def played(folder: Path, script: str) -> None:
    path = folder / "nvidia-smi"
    path.write_text(f'#!/bin/sh\necho "$@" >> "{folder}/calls"\n{script}\n')
    path.chmod(0o755)


@posix_only
@pytest.mark.parametrize(
    ("script", "share"),
    [("echo 37", 0.37), ("echo 0", 0.0), ("echo '[N/A]'", None), ("echo", None), ("echo 37; exit 6", None)],
)
def test_it_is_asked_of_the_gpu_that_torch_uses(bin: Path, script: str, share: float | None) -> None:
    played(bin, script)
    assert nvidia_smi.utilisation() == share
    asked = (bin / "calls").read_text().strip()
    assert asked == "--id=GPU-5f3c-a1 --query-gpu=utilization.gpu --format=csv,noheader,nounits"


@posix_only
def test_an_answer_that_does_not_come_is_none(bin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nvidia_smi, "ANSWER_SECONDS", 0.1)
    played(bin, "exec sleep 60")
    assert nvidia_smi.utilisation() is None


def test_without_the_command_there_is_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert nvidia_smi.utilisation() is None


@posix_only
def test_it_is_asked_again_and_again_until_the_block_ends(bin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And an answer that is none is left out."""
    monkeypatch.setattr(nvidia_smi, "PAUSE_SECONDS", 0.001)
    played(bin, f'if [ $(wc -l < "{bin}/calls") = 2 ]; then echo "[N/A]"; else echo 37; fi')
    before = time.perf_counter()
    with nvidia_smi.asking() as answers:
        while len(answers) < 3:
            time.sleep(0.001)
    times = [at for at, _ in answers]
    assert times == sorted(times) and before < times[0] and times[-1] < time.perf_counter()
    assert {share for _, share in answers} == {0.37}
    calls = len((bin / "calls").read_text().splitlines())
    assert calls == len(answers) + 1
    time.sleep(0.05)
    assert len((bin / "calls").read_text().splitlines()) == calls, "it goes on asking"


@pytest.mark.parametrize(
    ("missing", "share", "reason"),
    [
        ("no CUDA GPU", 0.5, "no CUDA GPU"),
        (None, None, "nvidia-smi tells no utilisation of this CUDA GPU"),
        (None, 0.0, None),
    ],
)
def test_what_it_needs(
    monkeypatch: pytest.MonkeyPatch, missing: str | None, share: float | None, reason: str | None
) -> None:
    monkeypatch.setattr(cuda, "missing", lambda: missing)
    monkeypatch.setattr(measure, "utilisation", lambda: share)
    assert measure.unavailable() == reason


# What the loops do.


class Batches:
    """Each takes three seconds to come, and the first one `starting` more."""

    def __init__(self, gpu: Gpu, starting: float = 0.0) -> None:
        self.gpu, self.starting = gpu, starting

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> None:
        self.gpu.now += 3 + self.starting
        self.starting = 0.0


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch, gpu: Gpu) -> Gpu:
    def pause(seconds: float) -> None:
        gpu.now += seconds

    monkeypatch.setattr(measure, "time", SimpleNamespace(perf_counter=lambda: gpu.now, sleep=pause))
    monkeypatch.setattr(measure, "SETTLING_SECONDS", 40)
    monkeypatch.setattr(measure, "SECONDS", 80)
    monkeypatch.setattr(measure, "LONGEST", 400)
    return gpu


def answering(monkeypatch: pytest.MonkeyPatch, answers: list[tuple[float, float]]) -> None:
    @contextmanager
    def asking() -> Iterator[list[tuple[float, float]]]:
        yield answers

    monkeypatch.setattr(measure, "asking", asking)


def test_a_loop_is_looked_at_once_it_has_settled(monkeypatch: pytest.MonkeyPatch, simulated: Gpu) -> None:
    """Of ten seconds a loop waits for three, its step takes five, and it pauses for two: from 150 s on it is looked at,
    for 80 s. The first batch comes after 1000 more, in which its worker starts.
    """
    began = simulated.now + 1010
    answering(monkeypatch, [(began + at, share) for at, share in ((30.0, 0.0), (50.0, 0.4), (80.0, 0.9), (110.0, 0.5))])
    waits: list[int] = []

    def step() -> None:
        waits.append(simulated.waits)
        simulated.queued += 5

    batches = Batches(simulated, starting=1000)
    assert measure.watched(batches, step, pause=2).values == {"utilised": 0.5, "waited": 0.3}
    assert waits == [*range(13)] and simulated.waits == 13, "each step is waited for"
    assert simulated.now == began + 120


class Late(list[tuple[float, float]]):
    """Answers that have come by now."""

    def __init__(self, gpu: Gpu, answers: list[tuple[float, float]]) -> None:
        super().__init__(answers)
        self.gpu = gpu

    def __iter__(self) -> Iterator[tuple[float, float]]:
        return iter([(at, share) for at, share in super().__iter__() if at <= self.gpu.now])


@pytest.mark.parametrize(("every", "seconds", "share"), [(20.0, 80, 0.25), (70.0, 210, 0.2), (150.0, 400, 0.15)])
def test_a_slow_nvidia_smi_is_asked_until_it_has_told_enough(
    monkeypatch: pytest.MonkeyPatch, simulated: Gpu, every: float, seconds: float, share: float
) -> None:
    """Three answers, or as many as come in the longest time."""
    steady = simulated.now + 3 + 40
    answers = [(steady + every * count, count / 10) for count in range(1, 9)]
    answering(monkeypatch, Late(simulated, answers))
    assert measure.watched(Batches(simulated), lambda: None).values["utilised"] == pytest.approx(share)
    assert seconds <= simulated.now - steady < seconds + 6


@pytest.mark.parametrize(("first", "later", "reason"), [(9.0, 1.9, None), (0.1, 2.1, "takes 2.1 s for an answer")])
def test_where_each_answer_takes_long_it_cannot_run(
    monkeypatch: pytest.MonkeyPatch, simulated: Gpu, first: float, later: float, reason: str | None
) -> None:
    """The first one may have to wait for the driver."""
    took = iter([first, later])

    def utilisation() -> float:
        simulated.now += next(took)
        return 0.5

    monkeypatch.setattr(cuda, "missing", lambda: None)
    monkeypatch.setattr(measure, "utilisation", utilisation)
    assert (measure.unavailable() or "").removeprefix("nvidia-smi ") == (reason or "")


def test_a_loop_of_which_nothing_was_told_is_an_error(monkeypatch: pytest.MonkeyPatch, simulated: Gpu) -> None:
    answering(monkeypatch, [(120.0, 0.5)])
    with pytest.raises(RuntimeError, match="told no utilisation"):
        measure.watched(Batches(simulated), lambda: None)


def test_each_loop_does_what_its_name_says(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    seen: list[tuple[float, str, float]] = []

    def watched(batches: Any, step: Any, pause: float = 0.0) -> Sample:
        seen.append((next(batches), step(), pause))
        return Sample({"utilised": 0.5, "waited": 0.5})

    monkeypatch.setattr(measure, "spin", lambda: made.append("spin") or (lambda: "one thread"))
    monkeypatch.setattr(measure, "products", lambda seconds: made.append(f"{seconds} s") or (lambda: "all"))
    monkeypatch.setattr(measure, "loader", lambda seconds: [seconds])
    monkeypatch.setattr(measure, "watched", watched)
    with measure.arms() as arms:
        assert made == [], "a machine without a GPU may ask which arms there are"
        samples = {name: arm().values for name, arm in [*arms.items(), *arms.items()]}
    assert seen[:3] == seen[3:] == [(0.0, "one thread", 0.0), (0.04, "all", 0.0), (0.0, "all", 0.02)]
    assert made == ["spin", "0.02 s"], "each step is made once"
    assert samples[ONE_THREAD] == {"utilised": 0.5, "waited": 0.5, "threads": 132 * 2048}


def test_an_item_comes_late() -> None:
    assert sleeps(lambda: measure.Items(0.25)[0]) == [0.25]
    loader = measure.loader(0.25)
    assert (loader.num_workers, loader.batch_size) == (1, 1) and len(loader) > 10**6


def test_one_thread_counts_for_as_long_as_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []
    monkeypatch.setattr(torch.cuda, "_sleep", counted.append)
    monkeypatch.setattr(measure, "times_that_take", lambda seconds, run: run(2) or round(1000 * seconds))
    step = measure.spin()
    assert counted == [measure.CYCLES] * 2
    step()
    assert counted == [measure.CYCLES] * (2 + 20)


# What is claimed and said.


def told(one: tuple[float, float], starved: tuple[float, float], held_up: tuple[float, float]) -> Measured:
    """Of each loop: how much the GPU is utilised, and for how long the loop waits for batches."""
    loops = {ONE_THREAD: one, STARVED: starved, HELD_UP: held_up}
    arms = {arm: {"utilised": used, "waited": waited} for arm, (used, waited) in loops.items()}
    arms[ONE_THREAD]["threads"] = 270336
    return result("utilised", arms)


MEASURED = told((0.98, 0.03), (0.48, 0.49), (0.5, 0.02))


def test_claims() -> None:
    assert statistics("utilisation", MEASURED) == pytest.approx(
        {
            "one-thread-counts-as-a-busy-gpu": 0.98,
            "utilisation-tells-no-wait-from-a-pause": 0.96,
            "a-starved-loop-waits-for-its-batches": 0.49,
            "a-loop-that-pauses-waits-for-no-batch": 0.02,
        }
    )


def held(measured: Measured) -> list[bool]:
    return [inside(one.bounds, estimate(one.statistic.of(measured))) for one in claims("utilisation")]


def test_bounds_can_be_met_and_missed_and_lie_a_fifth_from_theory() -> None:
    """No machine without a GPU judges these. In theory a step takes half of the loop's time, and the rest is the wait
    for a batch, or a pause; receiving a batch takes 0.3 ms, beside a step of 20.
    """
    theory = told((0.985, 0.015), (0.5, 0.5), (0.496, 0.0075))
    assert held(theory) == [True] * 4
    for one in claims("utilisation"):
        (found,) = {*one.statistic.of(theory)}
        assert one.bounds.low * 1.2 <= found <= one.bounds.high / 1.2, one.id
    assert held(told((0.1, 0.03), (0.9, 0.1), (0.4, 0.3))) == [False] * 4


def test_the_reasons_are_arithmetic_of_the_parameters() -> None:
    assert measure.STEP_SECONDS == measure.OTHER_SECONDS
    assert "A batch takes two steps’ time" in claim("a-starved-loop-waits-for-its-batches").because
    assert "idle for half of the time" in claim("utilisation-tells-no-wait-from-a-pause").because
    loop = measure.STEP_SECONDS + measure.OTHER_SECONDS
    assert 4 * loop < 1 / 6, "a sample of nvidia-smi, a sixth of a second at least, has several steps"


def test_values_and_figure() -> None:
    values = plain_values(show.values(MEASURED))
    assert values == {
        "threads": "270,336",
        "one_utilised": "98 %",
        "one_waited": "3 %",
        "starved_utilised": "48 %",
        "starved_waited": "49 %",
        "held_up_utilised": "50 %",
        "held_up_waited": "2 %",
    }
    figure = show.figure(MEASURED)
    assert "one of the 270,336 threads" in figure.message
    assert isinstance(figure.chart, Bars) and figure.chart.better is None
    bars = [[(bar.role, bar.value.median) for bar in group.bars] for group in figure.chart.groups]
    assert bars == [[("step", 98), ("step", 48), ("step", 50)], [("wait", 3), ("wait", 49), ("wait", 2)]]
    assert [row[0] for row in figure.table.rows] == [bar.label for bar in figure.chart.groups[0].bars]
    assert figure.table.rows[1][1:] == ("48 (48 to 48)", "49 (49 to 49)")
