import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from snippets.lab.paths import ROOT

from .pages import PAGES
from .processes import workplace as make_workplace
from .small_results import published, render, small

# Workers that are not forked import the datasets of these tests by name.
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    """A folder like the one that a reader runs a block in."""
    return make_workplace(tmp_path)


@pytest.fixture(scope="session")
def rendered() -> Iterator[dict[str, str]]:
    """Every page as HTML, over a small result set in which everything was measured."""
    with published(small()):
        yield {page: render(page) for page in PAGES}
