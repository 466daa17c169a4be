"""The images are real files with the properties that the pages speak of, the same bytes on every run."""

import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from snippets.images import make, sets
from snippets.images.make import photos, sprites
from snippets.images.photo import kinds as photo_kinds
from snippets.images.sets import PHOTOS, SPRITES
from snippets.images.sprite import kinds as sprite_kinds

from .files import contents, pixels


@pytest.mark.parametrize(("images", "drawn"), [(SPRITES, sprite_kinds.DRAW), (PHOTOS, photo_kinds.DRAW)])
def test_every_kind_that_can_be_drawn_is_in_the_set(images: sets.ImageSet, drawn: dict, few: Path) -> None:
    assert sorted(images.kinds) == sorted(drawn)
    for kind in drawn:
        assert (few / images.name / kind / f"0000{images.suffix}").is_file()


def test_the_full_sets_are_as_large_as_the_guides_say() -> None:
    assert SPRITES.files >= 2_000
    assert PHOTOS.files >= 600


def test_drawing_again_gives_the_same_bytes(few: Path, tmp_path: Path) -> None:
    """However many of a kind there are. The manifest says how many, and its test is that of the pool."""
    sprites(tmp_path, count=2)
    photos(tmp_path, count=2)
    for name in ("sprites", "photos"):
        drawn = {file: data for file, data in contents(tmp_path / name).items() if file != make.MANIFEST}
        assert drawn and drawn.items() <= contents(few / name).items()


def test_a_pool_of_processes_draws_the_same_bytes(few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make, "FEW", 0)
    caller = sys.modules["__main__"]
    assert contents(sprites(tmp_path, count=8)) == contents(few / "sprites")
    assert sys.modules["__main__"] is caller


def test_no_two_sprites_are_the_same(few: Path) -> None:
    files = {name: data for name, data in contents(few / "sprites").items() if name.endswith(".png")}
    assert len(set(files.values())) == len(files) == 8 * len(SPRITES.kinds)


def test_a_sprite_is_a_symmetric_shape_in_at_most_eight_colours(few: Path) -> None:
    for path in (few / "sprites").rglob("*.png"):
        image = pixels(path)
        assert image.shape == (64, 64, 4)
        shape = image[..., 3]
        assert set(np.unique(shape)) == {0, 255}, f"{path} has half-transparent pixels"
        assert (shape == shape[:, ::-1]).all(), f"{path} is not symmetric"
        assert 0.15 < (shape > 0).mean() < 0.8
        assert 4 <= len(np.unique(image[shape > 0], axis=0)) <= 8
        assert (image == image[::2, ::2].repeat(2, 0).repeat(2, 1)).all(), f"{path} has half pixels"


def test_a_sprite_is_outlined_all_around(few: Path) -> None:
    for path in (few / "sprites").glob("*/000[0-3].png"):
        image = pixels(path)[::2, ::2]
        shape = np.pad(image[..., 3] > 0, 1)
        inside = shape[:-2, 1:-1] & shape[2:, 1:-1] & shape[1:-1, :-2] & shape[1:-1, 2:]
        rim = image[(image[..., 3] > 0) & ~inside]
        outline = image[image[..., 3] > 0].sum(-1).min()
        assert (rim.sum(-1) == outline).mean() > 0.85, path


def test_a_photo_costs_what_a_photo_costs(few: Path) -> None:
    files = sorted((few / "photos").rglob("*.jpg"))
    sizes = set()
    for path in files:
        with Image.open(path) as image:
            image.load()
            assert (image.format, image.mode) == ("JPEG", "RGB")
            assert isinstance(image, JpegImageFile)
            assert [layer[1:3] for layer in image.layer] == [(2, 2), (1, 1), (1, 1)], "not 4:2:0"
            sizes.add(image.size)
            assert np.asarray(image).std() > 12
    assert sizes == {(500, 375), (375, 500)}
    average = sum(path.stat().st_size for path in files) / len(files)
    assert 93_500 < average < 126_500
