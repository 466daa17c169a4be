"""What arms read is there, as before each measurement."""

import pytest

from snippets.lab.catalog import prepare_experiments


@pytest.fixture(scope="session", autouse=True)
def prepared() -> None:
    prepare_experiments()
