from collections.abc import Iterator
from pathlib import Path

import pytest

from snippets.lab.outputs.preloaded import Preloaded

from ..docs.processes import python_with_torch as make_python
from ..docs.processes import workplace as make_workplace


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    """A folder like the one that a reader runs a script in: `images/` is there."""
    return make_workplace(tmp_path)


@pytest.fixture(scope="session")
def python() -> Iterator[Preloaded | None]:
    """Python that has imported torch, for scripts to which it is the same how they were started."""
    yield from make_python()
