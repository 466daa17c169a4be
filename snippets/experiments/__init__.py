"""What is measured: one question per folder, its arms in `measure.py`, its picture and words in `show.py`."""


def prepare() -> None:
    """Make what the experiments read: the sprites and the photos, where they are missing."""
    from snippets.images import photos, sprites

    sprites()
    photos()
