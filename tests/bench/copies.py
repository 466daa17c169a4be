"""The project made smaller and larger: without anything measured, and with its guides several times."""

import re
import shutil
from pathlib import Path

from ..checkout import Checkout

MEASURED_IMAGE = re.compile(r"!\[([^\]]*)\]\((figure|about|table):([\w-]*)\)")
MEASURED_WORDS = re.compile(r"\[([^\]]*)\]\(measured:[\w/-]*(?:\s+\"[^\"]*\")?\)")
GUIDE_IN_NAV = re.compile(r"^(?P<indent> +- )(?P<title>.+): (?P<page>guides/.+)\.md$", re.MULTILINE)
INCLUDED = re.compile(r'(--8<-- ")(\w+)(/)')
SHARED_SNIPPETS = {"experiments", "lab"}
"""Snippet folders that belong to no guide."""


def make_bare(copy: Checkout) -> str:
    """Add the same pages as plain MkDocs would build them; the name of their configuration file.

    Our hook and our Markdown extension are gone, and what they would replace is plain words.
    """
    docs = copy.root / "bare"
    shutil.copytree(copy.root / "docs", docs)
    for page in docs.rglob("*.md"):
        # Some links lead to a figure; a build is only strict while they find it.
        text = MEASURED_IMAGE.sub(r"\1\n{: #\2-\3 }", page.read_text(encoding="utf-8"))
        page.write_text(MEASURED_WORDS.sub(r"\1", text), encoding="utf-8")
    settings = (copy.root / "mkdocs.yml").read_text(encoding="utf-8")
    for ours in ("  - snippets.lab.markdown\n", "hooks:\n", "  - snippets/lab/mkdocs_hook.py\n"):
        if ours not in settings:
            raise LookupError(f"mkdocs.yml has no line {ours.strip()!r} to leave out; has it moved?")
        settings = settings.replace(ours, "")
    settings = settings.replace("custom_dir: docs/", "custom_dir: bare/")
    (copy.root / "bare.yml").write_text(f"docs_dir: bare\n{settings}", encoding="utf-8")
    return "bare.yml"


def multiply_guides(copy: Checkout, times: int) -> None:
    """Have each guide page and its snippets `times` times, under new names, each in the navigation."""
    settings = copy.root / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8")
    for found in list(GUIDE_IN_NAV.finditer(text)):
        entries = [found[0]]
        for number in range(2, times + 1):
            _copy_guide(copy.root, found["page"], number)
            entries.append(f"{found['indent']}{found['title']} {number}: {found['page']}-{number}.md")
        text = text.replace(found[0], "\n".join(entries))
    settings.write_text(text, encoding="utf-8")


def _copy_guide(root: Path, page: str, number: int) -> None:
    text = (root / "docs" / f"{page}.md").read_text(encoding="utf-8")
    for folder in {found[2] for found in INCLUDED.finditer(text)} - SHARED_SNIPPETS:
        shutil.copytree(root / "snippets" / folder, root / "snippets" / f"{folder}_{number}", dirs_exist_ok=True)
        text = text.replace(f'--8<-- "{folder}/', f'--8<-- "{folder}_{number}/')
    (root / "docs" / f"{page}-{number}.md").write_text(text, encoding="utf-8")
