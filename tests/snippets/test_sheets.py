"""The pictures beside the pages show the images that the scripts load."""

import numpy as np
from PIL import Image

from snippets.images.make import photos, sprites
from snippets.images.sheet import contact_sheet
from snippets.lab.paths import DOCS


def test_the_sprites_are_those_that_are_drawn() -> None:
    expected = contact_sheet(sprites(), 12, 4)
    with Image.open(DOCS / "assets" / "sprites.png") as shown:
        assert np.array_equal(np.asarray(shown.convert("RGBA")), np.asarray(expected))


def test_the_photos_are_those_that_are_drawn() -> None:
    """A JPEG does not keep every pixel, so the sheet is alike on average only: within 6 of 255."""
    expected = contact_sheet(photos(), 4, 2, cell=(176, 132))
    ground = Image.new("RGBA", expected.size, "white")
    ground.alpha_composite(expected)
    with Image.open(DOCS / "assets" / "photos.jpg") as shown:
        assert shown.size == expected.size == (728, 272)
        difference = np.asarray(shown.convert("RGB"), float) - np.asarray(ground.convert("RGB"), float)
    assert abs(difference).mean() < 6
