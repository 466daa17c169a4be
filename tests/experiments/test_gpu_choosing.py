"""Counts that are chosen for loops on a GPU, on a machine without one: what is loaded, who is asked and how, what the
doctor's verdict is held against, what is claimed and shown. test_gpu.py lets the doctor watch on a GPU.

What it does not prove: that a count is well chosen there, or any number.
"""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch.utils.data import TensorDataset

from snippets.experiments.gpu_choosing import measure, show
from snippets.experiments.gpu_choosing.arms import (
    DISTANT,
    FUNCTION,
    KEPT,
    LONG_STEP,
    LOOPS,
    ONE_WORKER,
    PHOTOS,
    RIGHT,
    ROWS,
    TUNER,
    chosen_by,
    tried,
)
from snippets.experiments.gpu_choosing.arms import counts as counts_on
from snippets.lab.figures.figure import Dots
from snippets.lab.instruments import cuda
from snippets.lab.instruments.experiment import Sample
from snippets.lab.machine.machine import this_machine
from snippets.lab.results.results import Measured

from .results import plain, plain_values, result, statistics


class Noting:
    """In the place of both networks: their steps keep what they were given."""

    made: list["Noting"] = []

    def __init__(self, *_: Any) -> None:
        self.steps = 0
        self.made.append(self)

    def step(self, batch: Any) -> None:
        self.steps += 1


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    monkeypatch.setattr(measure, "Training", Noting)
    monkeypatch.setattr(measure, "Rows", Noting)
    monkeypatch.setattr(Noting, "made", [])
    with measure.EXPERIMENT.prepared() as arms:
        assert Noting.made == [], "a machine without a GPU may ask which arms there are"
        yield dict(arms)


def test_arms_load_and_step_as_they_are_named(prepared: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[tuple[Any, ...]] = []

    def trained(batches: Any, step: Any, skipped: int, turn: int) -> Sample:
        runs.append((type(batches[0]), batches[1], skipped, turn))
        return Sample({"throughput": 1.0})

    monkeypatch.setattr(measure, "trained", trained)
    monkeypatch.setattr(measure, "loader", lambda dataset, count: [dataset, count])
    monkeypatch.setattr(measure, "iter", lambda pair: pair, raising=False)
    datasets = {PHOTOS: measure.Landscapes, DISTANT: measure.DistantLandscapes, ROWS: TensorDataset}
    for loop, dataset in datasets.items():
        for count in measure.TRIED:
            prepared[tried(loop, count)]()
            least = measure.WARM_STEPS if loop == ROWS else 1
            assert runs.pop() == (dataset, count, max(least, 3 * count), max(1, count)), (loop, count)
    assert len(Noting.made) == 2, "one network for all photos, and one for rows"
    assert Noting.made[0].steps == measure.WARM_STEPS, "its kernels are chosen before anything is timed"


def test_distant_photos_are_the_same_ones_later(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(measure.time, "sleep", waits.append)
    folder = measure.PHOTOS.folder
    near, distant = measure.Landscapes(folder), measure.DistantLandscapes(folder)
    assert (len(near), near[3][1]) == (len(distant), distant[3][1]) and waits == [measure.WAIT_SECONDS]


def test_each_chooser_is_asked_once_in_a_pass_with_the_loop_s_own_loader_and_step(
    prepared: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def choose(loader: Any, step: Any, seconds: float) -> int:
        assert (loader.num_workers, loader.pin_memory, seconds) == (0, True, measure.RACE_SECONDS)
        step("a batch")
        asked.append(FUNCTION)
        print("cannot tell: 1 s are too few")
        return 3

    def tune(make_loader: Any, step: Any, seconds: float) -> Any:
        assert (make_loader(5).num_workers, seconds) == (5, measure.RACE_SECONDS)
        step("a batch")
        asked.append(TUNER)
        return SimpleNamespace(num_workers=None, certain=True)

    ran: list[int] = []

    def rate(loop: Any, count: int) -> Sample:
        ran.append(count)
        return Sample({"throughput": 9.0})

    monkeypatch.setattr(measure, "choose_num_workers", choose)
    monkeypatch.setattr(measure, "tune", tune)
    monkeypatch.setattr(measure.Loop, "rate", rate)
    for _ in range(2):
        by_function, by_tuner = (prepared[chosen_by(who, ROWS)]().values for who in (FUNCTION, TUNER))
        assert by_function == {"throughput": 9.0, "chosen": 3, "unsure": True}
        assert by_tuner == {"throughput": 9.0, "chosen": 0, "unsure": False}, "no answer is no worker"
    assert asked == [FUNCTION, TUNER] and ran == [3, 0, 3, 0]


@pytest.mark.filterwarnings("ignore:'pin_memory' argument is set:UserWarning")  # for there is no GPU here
def test_loops_that_the_doctor_watches_are_as_they_are_named(
    prepared: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, tuple[Any, ...]] = {}

    def watched(batches: Any, step: Any, right: str) -> Sample:
        before = sum(network.steps for network in Noting.made)
        step("a batch")
        steps = sum(network.steps for network in Noting.made) - before
        workers = getattr(batches, "num_workers", None)
        seen[name] = (len(batches), workers, steps, right)
        return Sample({})

    monkeypatch.setattr(measure, "watched", watched)
    for name in RIGHT:
        prepared[name]()
    assert seen == {
        ONE_WORKER: (measure.STARVED, 1, 1, "STARVED"),
        LONG_STEP: (measure.FED, measure.FEEDING, measure.REPEATED, "FED"),
        KEPT: (measure.FED, None, 1, "FED"),
    }


@pytest.mark.parametrize(("right", "is_right"), [("FED", True), ("STARVED", False)])
def test_a_verdict_is_right_or_not(right: str, is_right: bool) -> None:
    """The real doctor, over batches that cost nothing."""
    values = measure.watched([torch.zeros(1)] * 40, lambda batch: measure.time.sleep(0.002), right).values
    assert values["right"] == is_right and values["throughput"] > 0 and values["waited"] < 0.1


@pytest.mark.parametrize(("cores", "counts"), [(1, [0, 1, 2]), (4, [0, 1, 2, 4, 8]), (16, [0, 1, 2, 4, 8, 16, 24, 32])])
def test_at_most_two_workers_share_a_core(cores: float, counts: list[int]) -> None:
    assert counts_on(cores) == counts


@pytest.mark.parametrize(("shm", "fits"), [(64 * 2**20, False), (2**34, True), (None, True)])
def test_batches_have_room_in_shared_memory_or_nothing_is_measured(
    monkeypatch: pytest.MonkeyPatch, shm: int | None, fits: bool
) -> None:
    monkeypatch.setattr(cuda, "missing", lambda: None)
    monkeypatch.setattr(measure, "MACHINE", replace(this_machine(), shm=shm))
    assert (measure.unavailable() is None) == fits
    monkeypatch.setattr(cuda, "missing", lambda: "no CUDA GPU")
    assert measure.unavailable() == "no CUDA GPU"


# What is claimed and shown.

COUNTS = [0, 1, 2, 4]
RATES = {PHOTOS: (50, 100, 200, 200), DISTANT: (40, 80, 160, 320), ROWS: (900, 600, 600, 500)}


def made_up(function: int = 2, right: float = 1.0) -> Measured:
    """The function chooses `function` for photos, and else 4, or 0 for rows; the tuner finds the best count."""
    arms: dict[str, dict[str, float]] = {}
    for loop, rates in RATES.items():
        by_count = dict(zip(COUNTS, rates, strict=True))
        arms |= {tried(loop, count): {"throughput": rate, "waited": 0.25} for count, rate in by_count.items()}
        best = max(by_count, key=lambda count: by_count[count])
        for who in (FUNCTION, TUNER):
            count = function if (who, loop) == (FUNCTION, PHOTOS) else best
            arms[chosen_by(who, loop)] = {"throughput": by_count[count], "chosen": count, "unsure": 0.0}
    arms |= {loop: {"throughput": 1.0, "right": 1.0, "waited": 0.0} for loop in RIGHT}
    arms[KEPT] = {**arms[KEPT], "right": right}
    facts = {"counts": COUNTS, "cpu_count": 4, "cores": 2, "gpus": 1, "batch_size": 64, "race_seconds": 30}
    return result("throughput", arms, rounds=3, **facts)


def test_claims() -> None:
    held = {"the-choice-feeds-a-gpu": 1.0, "the-tuner-feeds-a-gpu": 1.0, "the-doctor-sees-the-gpu": 1.0}
    assert statistics("gpu-choosing", made_up()) == held
    worse = {**held, "the-choice-feeds-a-gpu": 0.25, "the-doctor-sees-the-gpu": pytest.approx(2 / 3)}
    assert statistics("gpu-choosing", made_up(function=0, right=0.0)) == worse


def test_figure() -> None:
    figure = show.figure(made_up(function=1))
    message = plain(figure.message)
    assert "Decoded photos: 1 by the function, 2 by the tuner, and the best was 2" in message
    assert "rows of a tensor in memory: 0 by the function, 0 by the tuner, and the best was 0." in message
    assert isinstance(figure.chart, Dots) and len(figure.chart.rows) == len(LOOPS)
    marks = {bar.label: bar.value.median for bar in figure.chart.rows[0].bars}
    expected = {"the default": 25, "half the CPUs": 100, "usable cores": 100, "start with 4": 100}
    assert marks == {**expected, FUNCTION: 50, TUNER: 100}
    rows = [tuple(map(plain, row)) for row in figure.table.rows]
    assert len(rows) == len(LOOPS) * len(COUNTS) and rows[1][0] == "" and rows[0][0] == "decoded photos"
    assert rows[0][1] == "0" and rows[0][3] == "25 %"
    assert plain_values(show.values(made_up(function=1))) == {
        "seconds": "30",
        "function_worst": "50 %",
        "tuner_worst": "100 %",
    }
