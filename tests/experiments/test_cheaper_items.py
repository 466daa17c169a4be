"""The stairs: what each step does to a photo before it comes out, what is claimed of the steps, and said.

What it does not prove: that a step saves anything; the claims do, at every build.
"""

import time
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from snippets.experiments import cpu_time
from snippets.experiments.cheaper_items import measure, show
from snippets.experiments.cheaper_items.arms import (
    AS_WRITTEN,
    BYTES,
    CACHED,
    CACHES,
    CROPPED,
    KEPT,
    MAPPED,
    NEW,
    PACKED,
    PREPARED,
    SHARED,
    SMALLER,
    STAIRS,
    STORED,
)

from .results import plain_values, result, statistics

SECONDS = {
    **{AS_WRITTEN: 0.006, CROPPED: 0.004, SMALLER: 0.003, BYTES: 0.002, STORED: 0.0011, PACKED: 0.001, MAPPED: 0.0005},
    **{CACHED: 0.0004, NEW: 0.0021, KEPT: 0.0015, SHARED: 0.0006, PREPARED: 0.0001},
}
DECODED = {NEW: 1.0, KEPT: 0.5625, SHARED: 0.0}
ARMS = {
    arm: {"per_item": seconds, "stored": seconds * 1e7, "decoded": DECODED.get(arm, 0.5)}
    for arm, seconds in SECONDS.items()
}
MEASURED = result("per_item", ARMS, photos=32, batch_size=16, step_seconds=0.03)

WHOLE, HALF, SMALL = (375, 500), (188, 250), (187, 249)
READ = {
    **{AS_WRITTEN: WHOLE, CROPPED: WHOLE, SMALLER: HALF, BYTES: HALF, STORED: SMALL, PACKED: SMALL},
    **{MAPPED: (187, 187), CACHED: (187, 187)},
}
"""Pixels of the image that is resized to the crop, the shorter side first."""


def test_each_step_keeps_what_the_one_before_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """As written, all of a photo is resized and then cropped; after that the crop alone. Every arm gives batches of
    one shape, of floats until the device makes them. What is stored takes less room, packed as much, and what is mapped
    more. Of a cache nothing is read.
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
        assert [*arms] == [*STAIRS, *CACHES, PREPARED]
        monkeypatch.setattr(Image.Image, "resize", noting)
        stored = {}
        for arm in (*STAIRS, CACHED):
            resized.clear()
            stored[arm] = arms[arm]().values["stored"]
            assert {size for size, _ in resized} == {READ[arm]} and len(resized) == measure.PHOTOS, arm
            assert all((box is None) == (arm == AS_WRITTEN) for _, box in resized), arm
            assert batches[-1].shape == (measure.PHOTOS, 3, 112, 112), arm
            assert batches[-1].dtype == (torch.float32 if arm in STAIRS[:3] else torch.uint8), arm
        arms[PREPARED]()
        assert batches[-1].shape == (measure.BATCH_SIZE, 3, 112, 112) and batches[-1].dtype == torch.float32
    assert stored[AS_WRITTEN] == stored[BYTES] > 3 * stored[STORED] and stored[MAPPED] > 3 * stored[STORED]
    assert stored[PACKED] == stored[STORED] and not stored[CACHED]


def test_what_workers_find_in_their_second_epoch() -> None:
    """With caches of their own, new ones nothing, and kept ones what they have decoded themselves: half, by chance.
    With a shared one everything.
    """
    with measure.EXPERIMENT.prepared() as arms:
        found = {arm: arms[arm]().values for arm in (NEW, KEPT, SHARED)}
    assert found[NEW]["decoded"] == 1 and found[SHARED]["decoded"] == 0 and 0.2 < found[KEPT]["decoded"] < 0.8
    assert found[NEW]["stored"] > found[KEPT]["stored"] > found[SHARED]["stored"] == 0
    assert all(values["per_item"] > 0 for values in found.values())


def test_a_clock_that_ticks_every_16_ms_tells_what_a_cache_shared_by_workers_costs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An epoch of it takes about as long as a tick, so a single one may seem to take no time."""
    fine = time.thread_time
    monkeypatch.setattr(measure.time, "thread_time", lambda: fine() // 0.015625 * 0.015625)
    with measure.EXPERIMENT.prepared() as arms:
        shared = [arms[SHARED]().values for _ in range(4)]
    assert all(values["per_item"] > 0 and values["decoded"] == 0 for values in shared)


def test_a_packed_photo_is_that_of_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [tmp_path / f"{side}.png" for side in (9, 3, 5)]
    for path in paths:
        Image.new("RGB", (int(path.stem), 4)).save(path)
    monkeypatch.setattr(measure.one_file, "crop", lambda image: image.size)
    with measure.packed(paths, tmp_path / "packed.bin") as photos:
        assert [photos[index] for index in (2, 0, 1)] == [(5, 4), (9, 4), (3, 4)]


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
            "small-files-decode-faster": 2 / 1.1,
            "packing-leaves-the-decoding": 1.1,
            "mapped-photos-need-no-decoding": 2.0,
            "all-steps-together": 12.0,
            "a-full-cache-leaves-the-crop": 5.0,
            "new-workers-have-empty-caches": 1.0,
            "own-caches-decode-again": 2.5,
            "a-shared-cache-decodes-once": 0.0,
        }
    )


def test_values() -> None:
    """16 photos of 6 ms are 96 ms, and a step takes 30."""
    values = plain_values(show.values(MEASURED))
    assert (values["as_written"], values["mapped"], values["prepared"]) == ("6 ms", "500 µs", "100 µs")
    assert (values["as_written_size"], values["stored_size"], values["mapped_size"]) == ("60 kB", "11 kB", "5 kB")
    assert (values["kept_again"], values["photos"]) == ("18", "32")
    assert (values["workers_before"], values["workers_after"]) == ("4", "1")
    assert (values["batch_size"], values["step"]) == ("16", "30 ms")


def test_the_picture_goes_down_like_stairs() -> None:
    chart: Any = show.figure(MEASURED).chart
    stairs = [bar.value.median for bar in chart.groups[0].bars]
    assert stairs == sorted(stairs, reverse=True) and len(stairs) == len(STAIRS)
    assert [bar.label for bar in chart.groups[1].bars] == [*CACHES]
