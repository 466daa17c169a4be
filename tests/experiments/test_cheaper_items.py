"""The stairs: what each step does to a photo before it comes out, what is claimed of the steps, and said.

What it does not prove: that a step saves anything; the claims do, at every build.
"""

from typing import Any

import pytest
import torch
from PIL import Image

from snippets.experiments import cpu_time
from snippets.experiments.cheaper_items import measure, show
from snippets.experiments.cheaper_items.arms import (
    AS_WRITTEN,
    BYTES,
    CROPPED,
    MAPPED,
    PREPARED,
    SMALLER,
    STAIRS,
    STORED,
)

from .results import plain_values, result, statistics

SECONDS = {AS_WRITTEN: 0.006, CROPPED: 0.004, SMALLER: 0.003, BYTES: 0.002, STORED: 0.001, MAPPED: 0.0005}
ARMS = {arm: {"per_item": seconds, "stored": seconds * 1e7} for arm, seconds in SECONDS.items()}
MEASURED = result("per_item", {**ARMS, PREPARED: {"per_item": 0.0001, "stored": 0.0}}, batch_size=16, step_seconds=0.03)

WHOLE, HALF = (375, 500), (188, 250)
READ = {AS_WRITTEN: WHOLE, CROPPED: WHOLE, SMALLER: HALF, BYTES: HALF, STORED: (187, 249), MAPPED: (187, 187)}
"""Pixels of the image that is resized to the crop, the shorter side first."""


def test_each_step_keeps_what_the_one_before_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """As written, all of a photo is resized and then cropped; after that the crop alone. Every arm gives batches of
    one shape, of floats until the device makes them. What is stored takes less room, and what is mapped more.
    """
    resized: list[tuple[tuple[int, ...], Any]] = []
    resize = Image.Image.resize

    def noting(image: Image.Image, size: Any, resample: Any = None, box: Any = None, **more: Any) -> Image.Image:
        resized.append((tuple(sorted(image.size)), box))
        return resize(image, size, resample, box, **more)

    batches: list[torch.Tensor] = []

    def once(items: int, batch: Any, seconds: float) -> float:
        batches.append(torch.cat([*made]) if isinstance(made := batch(), list) else made)
        return 1.0

    monkeypatch.setattr(measure, "cpu_per_item", once)
    with measure.EXPERIMENT.prepared() as arms:
        assert [*arms] == [*STAIRS, PREPARED]
        monkeypatch.setattr(Image.Image, "resize", noting)
        stored = {}
        for arm in STAIRS:
            resized.clear()
            stored[arm] = arms[arm]().values["stored"]
            assert {size for size, _ in resized} == {READ[arm]} and len(resized) == measure.PHOTOS, arm
            assert all((box is None) == (arm == AS_WRITTEN) for _, box in resized), arm
            assert batches[-1].shape == (measure.PHOTOS, 3, 112, 112), arm
            assert batches[-1].dtype == (torch.float32 if arm in STAIRS[:3] else torch.uint8), arm
        arms[PREPARED]()
        assert batches[-1].shape == batches[-2].shape and batches[-1].dtype == torch.float32
    assert stored[AS_WRITTEN] == stored[BYTES] > 3 * stored[STORED] and stored[MAPPED] > 3 * stored[STORED]


def test_it_has_one_thread_of_torch_as_a_worker_has(three_threads: None) -> None:
    with measure.EXPERIMENT.prepared():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == 3


def test_whole_batches_are_made_until_enough_time_has_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that ticks every 50 ms, and batches that take 30: two ticks are more than SECONDS."""
    made: list[None] = []
    monkeypatch.setattr(cpu_time.time, "thread_time", lambda: len(made) * 30 // 50 * 0.05)
    assert cpu_time.cpu_per_item(16, lambda: made.append(None), measure.SECONDS) == pytest.approx(0.1 / (4 * 16))


def test_claims() -> None:
    assert statistics("cheaper-items", MEASURED) == pytest.approx(
        {
            "cropping-first-saves-pixels": 1.5,
            "two-lines-make-items-cheaper": 2.0,
            "small-files-decode-faster": 2.0,
            "mapped-photos-need-no-decoding": 2.0,
            "all-steps-together": 12.0,
        }
    )


def test_values() -> None:
    """16 photos of 6 ms are 96 ms, and a step takes 30."""
    values = plain_values(show.values(MEASURED))
    assert (values["as_written"], values["mapped"], values["prepared"]) == ("6 ms", "500 µs", "100 µs")
    assert (values["as_written_size"], values["stored_size"], values["mapped_size"]) == ("60 kB", "10 kB", "5 kB")
    assert (values["workers_before"], values["workers_after"]) == ("4", "1")
    assert (values["batch_size"], values["step"]) == ("16", "30 ms")


def test_the_picture_goes_down_like_stairs() -> None:
    chart: Any = show.figure(MEASURED).chart
    stairs = [bar.value.median for bar in chart.groups[0].bars]
    assert stairs == sorted(stairs, reverse=True) and len(stairs) == len(STAIRS)
