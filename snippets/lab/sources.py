"""Where a file of this project can be read: in the repository that the environment names, if it names one."""

import os
from xml.etree.ElementTree import Element

EDIT = "edit/"
PAGES = "docs/"


def address(path: str) -> str | None:
    """Of a file, by its path from the project's root. SITE_EDIT_URI is as MkDocs has it: `edit/main/docs/`."""
    repository, edit = os.environ.get("SITE_REPO_URL", ""), os.environ.get("SITE_EDIT_URI", "")
    if not repository or not edit.startswith(EDIT) or not edit.endswith(PAGES):
        return None
    branch = edit.removeprefix(EDIT).removesuffix(PAGES)
    return f"{repository.rstrip('/')}/blob/{branch}{path}"


def point_to(link: Element, path: str) -> None:
    """Make a link lead to a file; where no repository is known, it only names it."""
    if found := address(path):
        link.set("href", found)
    else:
        link.tag = "span"
        del link.attrib["href"]
