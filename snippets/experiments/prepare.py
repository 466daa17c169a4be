"""What the experiments read, made before the first of them runs."""

from snippets.images.make import photos, sprites


def prepare() -> None:
    """Make the sprites and the photos where they are missing."""
    sprites()
    photos()
