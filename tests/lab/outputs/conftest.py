"""What tests of snippets' outputs share."""

import pytest

from snippets.lab.outputs.preloaded import Preloaded


@pytest.fixture
def python(python: Preloaded | None) -> Preloaded:
    """The same, where a process can fork; elsewhere there is nothing to test of it."""
    if python is None:
        pytest.skip("this system cannot fork")
    return python
