"""Where a file can be read: one of this project in the repository, and a trace of the site in Perfetto, if the
environment names the repository, or the site.
"""

import os
from urllib.parse import quote
from xml.etree.ElementTree import Element

from snippets.lab.paths import PAGES, ROOT, SNIPPETS

EDIT = "edit/"
EDITED = "docs/"


def address(path: str) -> str | None:
    """Where a file can be read, by its path from the project's root; None where no repository is known. SITE_EDIT_URI
    is as MkDocs has it: `edit/main/docs/`.
    """
    repository, edit = os.environ.get("SITE_REPO_URL", ""), os.environ.get("SITE_EDIT_URI", "")
    if not repository or not edit.startswith(EDIT) or not edit.endswith(EDITED):
        return None
    branch = edit.removeprefix(EDIT).removesuffix(EDITED)
    return f"{repository.rstrip('/')}/blob/{branch}{path}"


PERFETTO = "https://ui.perfetto.dev/#!/?url="


def in_perfetto(trace: str) -> str | None:
    """Where a trace, by its path in the site, can be looked at: Perfetto fetches it from the published site, which has
    to be reached by https. None where no such site is known.
    """
    site = os.environ.get("SITE_URL", "")
    return PERFETTO + quote(f"{site.removesuffix('/')}/{trace}", safe="") if site.startswith("https://") else None


def included(path: str) -> str:
    """The path from the project's root of what a page includes, by the path that it writes."""
    file = next((folder / path for folder in (PAGES, SNIPPETS) if (folder / path).exists()), SNIPPETS / path)
    return file.relative_to(ROOT).as_posix()


def point_to(link: Element, path: str) -> None:
    """Make a link lead to a file; where no repository is known, it only names it."""
    if href := address(path):
        link.set("href", href)
    else:
        link.tag = "span"
        del link.attrib["href"]
