"""Where the pages describe an experiment and where they speak of claims, found by what stands in them."""

import os
from pathlib import Path

import pytest

from snippets.lab.markdown import sentences
from snippets.lab.markdown.sentences import description, pages
from snippets.lab.markdown.shown import UnknownName


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


PAGE = """---
title: A page
---

# Title

One. Two is [{value} as fast](claim:a), e.g. here. Three
goes on in [words](claim:b).

```python
x = "[not](claim:c)"
```

- An item with [one](claim:d)
- Another. It has [{value}](claim:e)!

!!! corrected "Corrected"

    Inside [words](claim:f).

    - [nested](claim:a)
"""


def test_where_claims_stand() -> None:
    found = [(m.claim, m.line, m.sentence) for m in sentences.mentions_in("p.md", PAGE)]
    assert found == [
        ("a", 7, "Two is [{value} as fast](claim:a), e.g. here."),
        ("b", 8, "Three goes on in [words](claim:b)."),
        ("d", 14, "An item with [one](claim:d)"),
        ("e", 15, "It has [{value}](claim:e)!"),
        ("f", 19, "Inside [words](claim:f)."),
        ("a", 21, "[nested](claim:a)"),
    ]
