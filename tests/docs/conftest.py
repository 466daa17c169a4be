import sys

import pytest

from snippets.lab.catalog import prepare_experiments
from snippets.lab.paths import ROOT

from ..processes import workplace  # noqa: F401

# Workers that are not forked import the datasets of these tests by name.
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))


@pytest.fixture(scope="session", autouse=True)
def prepared() -> None:
    """What arms read, which tests ask for their names."""
    prepare_experiments()
