"""Snippets and pages of a test's own, of which nothing is left when it ends."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.tree import Tree


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tree]:
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    made = Tree(tmp_path, monkeypatch)
    yield made
    assert made.left() == []
