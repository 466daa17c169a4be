"""The decoders: what each arm makes of a photo, what is claimed of them, and said.

What it does not prove: that one of them costs less; the claim does, at every build.
"""

from typing import Any

import numpy as np
import pytest
from PIL import Image

from snippets.experiments.decoders import measure, show
from snippets.experiments.decoders.arms import ARRAY, IMAGE, SIMPLEJPEG, SMALL_ARRAY, SMALL_IMAGE, SMALL_SIMPLEJPEG

from .results import plain_values, result, statistics

SECONDS = {
    **{IMAGE: 0.002, ARRAY: 0.004, SIMPLEJPEG: 0.0025},
    **{SMALL_IMAGE: 0.0015, SMALL_ARRAY: 0.0018, SMALL_SIMPLEJPEG: 0.0016},
}
MEASURED = result("per_photo", {arm: {"per_photo": seconds} for arm, seconds in SECONDS.items()})
WHOLE, HALF = (375, 500, 3), (188, 250, 3)


def test_each_arm_decodes_every_photo_to_what_its_name_says(monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[Any] = []
    one_of = measure.every

    def noting(one: Any, files: Any, short_side: int) -> None:
        one_of(lambda path, side: decoded.append(one(path, side)), files, short_side)

    monkeypatch.setattr(measure, "every", noting)
    monkeypatch.setattr(measure, "cpu_per_item", lambda photos, load, seconds: load() or photos)
    with measure.EXPERIMENT.prepared() as arms:
        assert {*arms} == {*SECONDS}
        for arm, run in arms.items():
            decoded.clear()
            assert run().values["per_photo"] == measure.PHOTOS == len(decoded)
            kind = Image.Image if arm in (IMAGE, SMALL_IMAGE) else np.ndarray
            shape = WHOLE if arm in (IMAGE, ARRAY, SIMPLEJPEG) else HALF
            assert all(isinstance(pixels, kind) for pixels in decoded), arm
            assert {tuple(sorted(np.asarray(pixels).shape[:2])) for pixels in decoded} == {shape[:2]}, arm


def test_both_decode_the_same_picture() -> None:
    """To within what two versions of libjpeg-turbo round."""
    with measure.EXPERIMENT.prepared() as arms:
        ways: dict[str, Any] = {**arms}
    (by_pillow, files, _), (by_simplejpeg, *_) = ways[ARRAY].args, ways[SIMPLEJPEG].args
    for short_side in (measure.WHOLE, measure.SHORT_SIDE):
        apart = by_pillow(files[0], short_side).astype(int) - by_simplejpeg(files[0], short_side)
        assert np.abs(apart).mean() < 1


def test_it_says_where_it_cannot_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine that was lent, without the decoder."""
    assert measure.unavailable() is None
    monkeypatch.setattr(measure, "find_spec", lambda name: None)
    assert measure.unavailable() == "simplejpeg is not installed"


def test_claims() -> None:
    assert statistics("decoders", MEASURED) == pytest.approx({"simplejpeg-gives-arrays-for-less": 1.6})


def test_values() -> None:
    values = plain_values(show.values(MEASURED))
    assert values["small_array"] == "1.8 ms" and values["small_simplejpeg"] == "1.6 ms"


def test_the_figure_names_each_way_at_each_scale() -> None:
    figure: Any = show.figure(MEASURED)
    assert [len(group.bars) for group in figure.chart.groups] == [3, 3]
    assert len(figure.table.rows) == len(SECONDS)
