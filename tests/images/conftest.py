from pathlib import Path

import pytest

from snippets.images.make import photos, sprites


@pytest.fixture(scope="session")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a few images of every kind."""
    folder = tmp_path_factory.mktemp("images")
    sprites(folder, count=8)
    photos(folder, count=6)
    return folder
