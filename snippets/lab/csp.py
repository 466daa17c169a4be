"""A content security policy in every page: it may load from its own site and run its own scripts, nothing else."""

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

CHARSET = '<meta charset="utf-8">'
SCRIPT = re.compile(r"<script\b(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL | re.IGNORECASE)
DATA = re.compile(r"""type=["']?application/(?:ld\+)?json""", re.IGNORECASE)
"""A script element that holds data is not run."""
IN_A_DRAWING = {
    "a script": re.compile(r"<script\b|\bhref\s*=\s*[\"']\s*javascript:", re.IGNORECASE),
    "an event handler": re.compile(r"<[^>]*\son\w+\s*=", re.IGNORECASE),
    "something from another host": re.compile(r"\b(?:href|src)\s*=\s*[\"']\s*(?:https?:)?//", re.IGNORECASE),
}
DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL | re.IGNORECASE)


class UnsafePage(ValueError):
    """A file of the site that no policy should have to stop; the message names it and what is wrong."""


def protect(site: Path) -> None:
    """Put the policy into each page of `site`, right after the line that names its encoding.

    The hashes are those of all inline scripts of the whole site: the theme's instant navigation shows the next page
    under the policy of the first. Raises UnsafePage.
    """
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))}
    for path in sorted(site.rglob("*.svg")):
        _refuse_unsafe(path.read_text(encoding="utf-8"), path.relative_to(site))
    for path, text in pages.items():
        for drawing in DRAWING.findall(text):
            _refuse_unsafe(drawing, path.relative_to(site))
    said = f'{CHARSET}<meta http-equiv="Content-Security-Policy" content="{policy(pages.values())}">'
    for path, text in pages.items():
        if text.count(CHARSET) != 1:
            raise UnsafePage(f"{path.relative_to(site)} has no {CHARSET} after which its policy could stand")
        path.write_text(text.replace(CHARSET, said), encoding="utf-8")


def policy(pages: Iterable[str]) -> str:
    """The directives, with the hash of each inline script of these pages."""
    hashes = sorted({digest(code) for page in pages for code in inline_scripts(page)})
    directives = {
        "default-src": ["'none'"],
        "script-src": ["'self'", *hashes],
        "style-src": ["'self'"],
        # The theme's style holds its icons as data.
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "object-src": ["'none'"],
    }
    return "; ".join(" ".join([name, *sources]) for name, sources in directives.items())


def inline_scripts(page: str) -> list[str]:
    """The code of each script element that a browser runs and that names no file."""
    found = SCRIPT.finditer(page)
    return [each["code"] for each in found if "src=" not in each["attributes"] and not DATA.search(each["attributes"])]


def digest(code: str) -> str:
    """As a policy names it (CSP level 3, section 2.3.1). A browser reads line ends as \\n."""
    text = code.replace("\r\n", "\n").encode()
    return f"'sha256-{base64.b64encode(hashlib.sha256(text).digest()).decode()}'"


def _refuse_unsafe(drawing: str, where: Path) -> None:
    for what, pattern in IN_A_DRAWING.items():
        if pattern.search(drawing):
            raise UnsafePage(f"{where}: a drawing has {what} in it. Draw it without.")
