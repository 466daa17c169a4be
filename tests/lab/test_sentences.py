"""Where the pages describe an experiment, found by what stands in them. Of claims: test_verdicts.py."""

import os
from pathlib import Path

import pytest

from snippets.lab import sentences
from snippets.lab.published import UnknownName
from snippets.lab.sentences import description, pages


@pytest.fixture
def docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sentences, "DOCS", tmp_path)
    monkeypatch.setattr(sentences, "pages", lambda: pages(tmp_path))
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "some.md").write_text(
        "## one\n\n![](about:one)\n\n## two-words\n\n![](about:two-words)\n"
    )
    (tmp_path / "index.md").write_text("[two](reference/some.md#two-words) ![Three](figure:three)\n")
    return tmp_path


def test_where_an_experiment_is_described(docs: Path) -> None:
    assert description("one") == "/reference/some.md#one"
    assert description("two-words") == "/reference/some.md#two-words"


def test_an_edit_is_seen(docs: Path) -> None:
    """`mkdocs serve` lives longer than an edit."""
    assert description("one") == "/reference/some.md#one"
    moved = docs / "reference" / "some.md"
    moved.rename(docs / "reference" / "other.md")
    assert description("one") == "/reference/other.md#one"
    page = docs / "index.md"
    page.write_text("![](about:three)\n")
    os.utime(page, ns=(1, 1))
    assert description("three") == "/index.md#three"


def test_an_experiment_that_no_page_describes(docs: Path) -> None:
    """It has a figure; that is not enough. A contributor's next step is said in the one line that MkDocs shows."""
    with pytest.raises(UnknownName) as raised:
        description("three")
    said = "no page describes the experiment three: write ![](about:three) on one"
    assert raised.value.message == said
