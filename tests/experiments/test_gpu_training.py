"""The arms of gpu-training on a machine without a GPU: what they load, skip, wait for and time.

The GPU is replaced by a clock that its calls move. What it does not prove: that a GPU answers like that, or any number.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import torch
from PIL import Image

from snippets.experiments.gpu_training import measure
from snippets.experiments.gpu_training.arms import DECODING, REPLAYED, arm, on_gpu, tried
from snippets.images.sets import PHOTOS
from snippets.lab.instruments import cuda, gpu_lane
from snippets.lab.instruments.experiment import Sample
from snippets.lab.machine.machine import this_machine

from ..stream import Stream, in_place
from .gpu import Gpu
from .results import plain

# What is loaded.


def test_each_photo_has_the_number_of_its_kind() -> None:
    photos = measure.Landscapes(PHOTOS.folder)
    for at in (0, PHOTOS.count, len(photos) - 1):
        image, kind = photos[at]
        assert (image.shape, image.dtype) == ((3, 224, 224), torch.uint8)
        assert PHOTOS.kinds[kind] == photos.paths[at].parent.name


def test_larger_photos_are_the_same_each_time_and_the_middle_of_the_file() -> None:
    photos = measure.LargerLandscapes(PHOTOS.folder)
    (one, _), (again, _) = photos[0], photos[0]
    assert one.shape == (3, 256, 256) and torch.equal(one, again)
    image = Image.new("RGB", (500, 375), "black")
    image.paste("white", (62, 0, 437, 375))
    assert min(photos.transform(image).tobytes()) > 200, "of what is beside it, only a little at its edges"


@pytest.mark.parametrize(
    ("cores", "counts"),
    [(1, [0, 1, 2]), (2, [0, 1, 2, 4]), (4, [0, 1, 2, 4, 8]), (6.5, [0, 1, 2, 4, 8]), (16, [0, 1, 2, 4, 8, 16])],
)
def test_at_most_two_workers_share_a_core(cores: float, counts: list[int]) -> None:
    assert tried(cores) == counts


def test_a_loader_pins_and_does_not_end() -> None:
    made = measure.loader(measure.Landscapes(PHOTOS.folder), 2)
    assert (made.pin_memory, made.num_workers, made.batch_size) == (True, 2, measure.BATCH_SIZE)
    assert made.prefetch_factor == measure.PREFETCH and len(made) > 10**6


@pytest.mark.parametrize(("shm", "fits"), [(64 * 2**20, False), (2**34, True), (None, True)])
def test_batches_have_room_in_shared_memory_or_nothing_is_measured(
    monkeypatch: pytest.MonkeyPatch, shm: int | None, fits: bool
) -> None:
    monkeypatch.setattr(cuda, "missing", lambda: None)
    monkeypatch.setattr(measure, "MACHINE", replace(this_machine(), shm=shm))
    reason = measure.unavailable()
    assert (reason is None) == fits
    assert fits or plain(str(reason)).endswith("of /dev/shm, which has 64 MiB")
    monkeypatch.setattr(cuda, "missing", lambda: "no CUDA GPU")
    assert measure.unavailable() == "no CUDA GPU"


class Noting:
    """In the place of Training: its steps keep what they were given."""

    made: list["Noting"] = []

    def __init__(self, classes: int) -> None:
        self.classes = classes
        self.sides: list[int] = []
        self.made.append(self)

    def step(self, batch: Any) -> None:
        self.sides.append(batch[0].shape[-1])


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch, gpu: Gpu) -> Iterator[dict[str, Any]]:
    monkeypatch.setattr(measure, "Training", Noting)
    monkeypatch.setattr(Noting, "made", [])
    with measure.arms() as arms:
        assert Noting.made == [], "a machine without a GPU may ask which arms there are"
        yield dict(arms)


def test_arms_load_as_they_are_named_and_train_one_network(
    prepared: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[tuple[Any, ...]] = []

    def trained(batches: Any, step: Any, skipped: int, turn: int) -> Sample:
        runs.append((batches.dataset, batches.num_workers, step.__self__, skipped, turn))
        return Sample({})

    class Loader:
        def __init__(self, dataset: Any, num_workers: int) -> None:
            self.dataset, self.num_workers = type(dataset), num_workers

        def __iter__(self) -> Any:
            return self

        def __next__(self) -> None: ...

    monkeypatch.setattr(measure, "trained", trained)
    monkeypatch.setattr(measure, "loader", Loader)
    expected = {arm(count): (measure.Landscapes, count) for count in measure.TRIED}
    expected |= {on_gpu(count): (measure.LargerLandscapes, count) for count in (1, measure.TRIED[-1])}
    assert {*prepared} == {*expected, DECODING, REPLAYED}
    for name, (dataset, count) in expected.items():
        prepared[name]()
        assert runs.pop() == (dataset, count, Noting.made[0], max(1, 3 * count), max(1, count)), name
    (made,) = Noting.made
    assert made.classes == 6
    assert made.sides == [224] * measure.WARM_STEPS + [256] * measure.WARM_STEPS, "kernels for both are chosen before"


def test_the_step_alone_gets_one_batch_again_and_again(
    prepared: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    gpu = in_place(monkeypatch)
    loads: list[int] = []
    monkeypatch.setattr(measure, "loader", lambda dataset, workers: loads.append(workers) or iter([["a batch"]]))
    monkeypatch.setattr(measure, "SECONDS", 0)
    given: list[Any] = []
    monkeypatch.setattr(Noting, "step", lambda training, batch: given.append(batch))
    assert prepared[REPLAYED]().values["throughput"] > 0
    replayed = [batch for batch in given if batch == ["a batch"]]
    assert loads == [0] and len(replayed) == measure.WARM_STEPS + measure.TURN
    assert gpu.waits == 3, "where the clocks are read, at the end, and for the last step"


def test_decoding_alone_has_no_step_and_no_worker(
    prepared: dict[str, Any], monkeypatch: pytest.MonkeyPatch, gpu: Gpu
) -> None:
    timed: list[Any] = []

    def time_for(*given: Any) -> Sample:
        timed.append(given)
        return Sample({"per_batch": 0.2})

    monkeypatch.setattr(measure, "time_for", time_for)
    assert prepared[DECODING]().values == {"throughput": 320}
    ((loader, seconds),) = timed
    assert (loader.num_workers, loader.batch_size, seconds) == (0, 64, measure.SECONDS)
    assert isinstance(loader.dataset, measure.Landscapes) and Noting.made == []


# What is timed.


class Batches:
    """Each takes a second to come."""

    def __init__(self, gpu: Stream) -> None:
        self.gpu, self.taken = gpu, 0

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> str:
        self.taken += 1
        self.gpu.now += 1
        return "a batch"


def test_training_is_timed_from_an_idle_gpu_to_an_idle_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of whole turns of four batches: 11 s are filled by two turns, in which a batch takes a second to come, one to be
    launched, and the GPU works on for four. The loop runs ahead of the GPU, which waits for the first batch alone.
    """
    gpu = in_place(monkeypatch)
    batches = Batches(gpu)
    waits: list[int] = []

    def step(batch: str) -> None:
        waits.append(gpu.waits)
        gpu.now += 1
        gpu.queue(4)

    monkeypatch.setattr(measure, "SECONDS", 11)
    monkeypatch.setattr(measure.time, "perf_counter", gpu.clock)
    monkeypatch.setattr(measure.time, "process_time", lambda: gpu.now / 4)
    monkeypatch.setattr(gpu_lane, "perf_counter", gpu.clock)
    found = measure.trained(batches, step, 12, 4).values
    assert batches.taken == 12 + 8
    elapsed = 1 + 1 + 8 * 4
    assert found == {"throughput": 8 * measure.BATCH_SIZE / elapsed, "waited": 1 / elapsed, "main_cpu": 0.25}
    assert waits == [0] * 12 + [1] * 8, "at both ends, and nowhere between them"
