"""A file of results as another machine gives it away."""

from pathlib import Path

import pytest

from snippets.lab.results.contributed import share
from tests.lab.made import held


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    path = tmp_path / "my-machine.json"
    share(held(), path)
    return path
