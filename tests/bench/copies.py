"""Other shapes of the project: the same pages as plain MkDocs makes them, and ten times as many."""

import re
import shutil

from ..checkout import Checkout

SCHEMES = "about|claim|error|figure|ledger|measured|output|simulator|source|table"
OURS = re.compile(rf"!?\[([^\[\]]*)\]\((?:{SCHEMES}):[^()\s]*(?:\s+\"[^\"]*\")?\)")
"""What our Markdown extension replaces."""
FOLDERS = ("guides", "how-to", "explanation", "troubleshooting")
"""Of pages that say something; a page of the reference may stand once."""


def make_bare(copy: Checkout) -> str:
    """Add the pages with plain words for what we would put there; the name of their configuration file."""
    docs = copy.root / "bare"
    shutil.copytree(copy.root / "docs", docs)
    for page in docs.rglob("*.md"):
        page.write_text(OURS.sub(r"\1", page.read_text(encoding="utf-8")), encoding="utf-8")
    settings = (copy.root / "mkdocs.yml").read_text(encoding="utf-8")
    for ours in (
        "  custom_dir: docs/theme\n",
        "  - snippets.lab.markdown.extension\n",
        "hooks:\n",
        "  - snippets/lab/site/hook.py\n",
    ):
        if ours not in settings:
            raise LookupError(f"mkdocs.yml has no line {ours.strip()!r} to leave out; has it moved?")
        settings = settings.replace(ours, "")
    settings = settings.replace("docs/", "bare/")
    (copy.root / "bare.yml").write_text(f"docs_dir: bare\n{settings}", encoding="utf-8")
    return "bare.yml"


def make_tenfold(copy: Checkout) -> None:
    """Add nine copies of each page, beside the folder that it is in, so that its links lead where they led."""
    for folder in FOLDERS:
        for number in range(2, 11):
            shutil.copytree(copy.root / "docs" / folder, copy.root / "docs" / f"{folder}-{number}")
