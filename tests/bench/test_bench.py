"""The benchmark can run: its cheap parts do so here, and what it compares with has nothing of ours in it.

What it does not prove: that the dear parts, which build and serve, can. The workflow canary runs all of them each week.
"""

import re
from pathlib import Path

import pytest

from tests.bench import __main__ as bench
from tests.bench.copies import make_bare
from tests.bench.parts import PARTS, BenchError
from tests.bench.rows import Row, table
from tests.browser.site import Built
from tests.checkout import Checkout, checkout


@pytest.fixture(scope="module")
def copy(built_site: Built, tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """With the results that the site was built from."""
    return checkout(tmp_path_factory.mktemp("bench"), without=("images",))


def test_the_cost_of_tracing_is_read_from_the_results(copy: Checkout) -> None:
    (row,) = PARTS["tracing"](copy)
    assert isinstance(row, Row) and row.samples
    assert row.what in table([row])


def test_the_bare_pages_have_nothing_of_ours(copy: Checkout) -> None:
    settings = (copy.root / make_bare(copy)).read_text(encoding="utf-8")
    assert "docs_dir: bare" in settings and "snippets.lab" not in settings and "hooks" not in settings
    pages = list((copy.root / "bare").rglob("*.md"))
    assert len(pages) > 20
    scheme = re.compile(r"\]\((?!https?:|mailto:)[a-z]+:")
    assert [str(page) for page in pages if scheme.search(page.read_text(encoding="utf-8"))] == []


def test_a_part_that_cannot_be_timed_fails_the_whole(
    copy: Checkout, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Or the workflow that runs it would not notice. The copy that is built first is played by one that is there."""

    def broken(copy: Checkout) -> list[Row]:
        raise BenchError("no answer")

    def there(folder: Path) -> Checkout:
        return copy

    monkeypatch.setattr("sys.argv", ["bench", "tracing", "serve"])
    monkeypatch.setattr(bench, "prepared", there)
    monkeypatch.setattr(bench, "again", lambda copy, name: copy)
    monkeypatch.setitem(PARTS, "serve", broken)
    assert bench.main() == 1
    said = capsys.readouterr().out
    assert "failed: no answer" in said and "an epoch that is traced" in said
