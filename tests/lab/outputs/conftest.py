"""What tests of snippets' outputs share: a Python that has imported torch, once per file."""

import os
from collections.abc import Iterator

import pytest

from snippets.lab.outputs.preloaded import Preloaded
from snippets.lab.outputs.running import UTF8


@pytest.fixture(scope="module")
def python() -> Iterator[Preloaded]:
    if not hasattr(os, "fork"):
        pytest.skip("this system cannot fork")
    preloaded = Preloaded({**os.environ, **UTF8})
    yield preloaded
    preloaded.close()
