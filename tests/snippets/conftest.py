from pathlib import Path

import pytest

from ..docs.processes import workplace as make_workplace


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    """A folder like the one that a reader runs a script in: `images/` is there."""
    return make_workplace(tmp_path)
