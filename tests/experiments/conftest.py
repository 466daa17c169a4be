"""What arms read is there, as before each measurement; and what stands in for a machine."""

from collections.abc import Iterator

import pytest
import torch

from snippets.lab.catalog import prepare_experiments

from .gpu import Gpu


@pytest.fixture(scope="session", autouse=True)
def prepared() -> None:
    prepare_experiments()


@pytest.fixture
def three_threads() -> Iterator[None]:
    """For the main process: neither one nor, mostly, what the machine would give."""
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> Gpu:
    gpu = Gpu()
    monkeypatch.setattr(torch.cuda, "synchronize", gpu.wait)
    return gpu
