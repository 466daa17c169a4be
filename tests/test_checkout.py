"""That a copy of the checkout has all that a build keeps and a site is made from.

What it does not prove: that the site of the copy is the same; tests/site/test_puts_out.py builds both.
"""

from pathlib import Path

from snippets.lab.paths import ACCEPTED, LOCAL_RESULTS, OUTPUTS
from snippets.lab.site.feed import KEPT

from .checkout import checkout


def test_a_copy_has_what_a_site_is_made_from(tmp_path: Path) -> None:
    """After a publication, the verdicts from which the next one goes on, too."""
    kept = {path.name for path in (LOCAL_RESULTS, ACCEPTED, OUTPUTS, KEPT)}
    source = tmp_path / "source"
    (source / ".cache").mkdir(parents=True)
    for name in kept:
        (source / ".cache" / name).write_text("{}")
    copy = checkout(tmp_path / "copy", source)
    assert {path.name for path in (copy.root / ".cache").iterdir()} == kept
