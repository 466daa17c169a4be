"""The sheets of sprites and photos that the pages show."""

from pathlib import Path

import numpy as np
import pytest

from snippets.images.sets import SPRITES
from snippets.images.sheet import contact_sheet

from .files import pixels


@pytest.mark.parametrize(("columns", "rows"), [(8, 3), (5, 2), (12, 4)])
def test_a_contact_sheet_shows_every_kind_on_a_transparent_ground(few: Path, columns: int, rows: int) -> None:
    sheet = contact_sheet(few / "sprites", columns, rows, cell=(32, 32), gap=4)
    assert (sheet.mode, sheet.size) == ("RGBA", (columns * 36 - 4, rows * 36 - 4))
    cells = np.asarray(sheet.crop((0, 0, 36 * columns, 36 * rows)))
    cells = cells.reshape(rows, 36, columns, 36, 4).swapaxes(1, 2)
    assert not cells[:, :, 32:].any() and not cells[:, :, :, 32:].any(), "gaps are not empty"
    shown = {cell[:32, :32].tobytes() for row in cells for cell in row}
    for kind in SPRITES.kinds:
        of_kind = {pixels(path)[::2, ::2].tobytes() for path in (few / "sprites" / kind).iterdir()}
        assert shown & of_kind, f"no {kind}"


def test_a_contact_sheet_of_photos_fills_its_cells(few: Path) -> None:
    sheet = np.asarray(contact_sheet(few / "photos", 3, 2, cell=(60, 60), gap=0))
    assert sheet.shape == (120, 180, 4)
    assert (sheet[..., 3] == 255).all()


def test_a_contact_sheet_of_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no images"):
        contact_sheet(tmp_path)
