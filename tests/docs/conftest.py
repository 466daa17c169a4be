import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from snippets.lab.catalog import prepare_experiments
from snippets.lab.outputs.preloaded import Preloaded
from snippets.lab.paths import ROOT

from .processes import python_with_torch as make_python
from .processes import workplace as make_workplace

# Workers that are not forked import the datasets of these tests by name.
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))


@pytest.fixture(scope="session", autouse=True)
def prepared() -> None:
    """What arms read, which tests ask for their names."""
    prepare_experiments()


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    """A folder like the one that a reader runs a block in: `images/` is there."""
    return make_workplace(tmp_path)


@pytest.fixture(scope="session")
def python() -> Iterator[Preloaded | None]:
    """Python that has imported torch, for scripts to which it is the same how they were started."""
    yield from make_python()
