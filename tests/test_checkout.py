"""That a copy of the checkout has all that a build keeps and a site is made from.

What it does not prove: that the site of the copy is the same; tests/site/test_puts_out.py builds both.
"""

from pathlib import Path

import pytest

from snippets.lab.paths import ACCEPTED, LOCAL_RESULTS, OUTPUTS
from snippets.lab.site.feed import KEPT

from .checkout import ROOT, checkout, with_carriage_returns
from .elsewhere.__main__ import SYSTEMS, copied


def test_a_copy_has_what_a_site_is_made_from(tmp_path: Path) -> None:
    """After a publication, the verdicts from which the next one goes on, too."""
    kept = {path.name for path in (LOCAL_RESULTS, ACCEPTED, OUTPUTS, KEPT)}
    source = tmp_path / "source"
    (source / ".cache").mkdir(parents=True)
    for name in kept:
        (source / ".cache" / name).write_text("{}")
    copy = checkout(tmp_path / "copy", source)
    assert {path.name for path in (copy.root / ".cache").iterdir()} == kept


PICTURE = b"\x89PNG\r\n\x1a\n\0\0\0\r"
TEXTS = ("docs/labs/helper_sprites.py", "docs/asked.toml", "snippets/lab/results/references.json", "docs/assets/a.svg")


def source_in(folder: Path) -> Path:
    """A checkout of four texts, a picture, a text beside docs/ and snippets/, and what an earlier build has kept."""
    for text in (*TEXTS, "mkdocs.yml", ".cache/results.json"):
        (folder / text).parent.mkdir(parents=True, exist_ok=True)
        (folder / text).write_bytes(b"one\r\ntwo\n" if text == TEXTS[0] else b"one\ntwo\n")
    (folder / "docs" / "a.png").write_bytes(PICTURE)
    return folder


@pytest.mark.parametrize("name", SYSTEMS)
def test_what_is_built_as_on_windows_alone_has_its_line_ends(tmp_path: Path, name: str) -> None:
    """The notebook, too; a picture keeps its bytes. Nothing measured comes along."""
    root = copied(tmp_path / "copy", name, source_in(tmp_path / "source")).root
    line_end = b"\r\n" if name == "windows" else b"\n"
    assert {(root / text).read_bytes() for text in TEXTS[1:]} == {b"one" + line_end + b"two" + line_end}
    assert (root / TEXTS[0]).read_bytes() == b"one\r\ntwo" + line_end
    assert (root / "mkdocs.yml").read_bytes() == b"one\ntwo\n" and (root / "docs" / "a.png").read_bytes() == PICTURE
    assert not (root / ".cache").exists()


def test_a_folder_may_keep_its_line_ends(tmp_path: Path) -> None:
    root = source_in(tmp_path)
    with_carriage_returns(root, but="labs")
    assert [(root / text).read_bytes() for text in TEXTS[:2]] == [b"one\r\ntwo\n", b"one\r\ntwo\r\n"]


def test_the_notebook_to_download_is_the_same_whatever_the_line_ends(tmp_path: Path) -> None:
    """What runs on its page is read in the same way."""
    from snippets.lab.site.build import as_notebook  # which imports what draws

    page = ROOT / "docs" / "labs" / "helper_sprites.py"
    other = tmp_path / page.name
    other.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    assert as_notebook(str(other)) == as_notebook(str(page))
