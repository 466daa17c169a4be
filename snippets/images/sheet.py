"""Many images in one picture."""

from pathlib import Path

from PIL import Image, ImageOps


def contact_sheet(
    folder: Path,
    columns: int = 12,
    rows: int = 4,
    *,
    cell: tuple[int, int] = (64, 64),
    gap: int = 8,
    first: int = 0,
) -> Image.Image:
    """A grid of images, every kind in turn, on a transparent background.

    `cell` and `gap` are in pixels; `first` is the number of the first image of each kind. Sprites
    keep their sharp pixels, so a cell of 32, 64, 128, ... suits them; photos are cut to fill theirs.
    Returns an RGBA image without a margin.
    """
    kinds = sorted(path for path in folder.iterdir() if path.is_dir())
    files = {kind: sorted(path for path in kind.iterdir() if path.suffix in (".png", ".jpg")) for kind in kinds}
    if not kinds or not all(files.values()):
        raise FileNotFoundError(f"no images in {folder}")
    width, height = cell
    sheet = Image.new("RGBA", (columns * (width + gap) - gap, rows * (height + gap) - gap))
    for place in range(columns * rows):
        row, column = divmod(place, columns)
        # Where the kinds would line up in columns, each row starts a few kinds on.
        turn = place + (3 * row if columns % len(kinds) == 0 else 0)
        of_kind = files[kinds[turn % len(kinds)]]
        with Image.open(of_kind[(first + place // len(kinds)) % len(of_kind)]) as image:
            picture = fitted(image.convert("RGBA"), cell, pixel_art=image.format == "PNG")
        left = column * (width + gap) + (width - picture.width) // 2
        top = row * (height + gap) + (height - picture.height) // 2
        sheet.paste(picture, (left, top))
    return sheet


def fitted(image: Image.Image, cell: tuple[int, int], pixel_art: bool) -> Image.Image:
    """The image at the size of its cell: pixel art whole, a photo cut at the sides that are too long."""
    if pixel_art:
        return ImageOps.contain(image, cell, Image.Resampling.NEAREST)
    return ImageOps.fit(image, cell, Image.Resampling.LANCZOS)
