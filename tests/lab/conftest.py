"""A file of results as another machine gives it away; snippets of a test's own, of which nothing is left in the end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from snippets.lab.results.contributed import share
from tests.lab.made import held, on_a_gpu
from tests.lab.tree import Tree


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    path = tmp_path / "my-machine.json"
    share(held(), path)
    return path


@pytest.fixture
def shared_by_a_gpu(tmp_path: Path) -> Path:
    path = tmp_path / "gpu-machine.json"
    share(on_a_gpu(held()), path)
    return path


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tree]:
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    made = Tree(tmp_path, monkeypatch)
    yield made
    assert made.left() == []
