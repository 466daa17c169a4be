"""A content security policy in every page: it may load from its own site and run its own scripts, nothing else."""

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from snippets.lab.site.inert import UnsafePage, refuse_drawing

CHARSET = '<meta charset="utf-8">'
SCRIPT = re.compile(r"<script\b(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL | re.IGNORECASE)
DATA = re.compile(r"""type=["']?application/(?:ld\+)?json""", re.IGNORECASE)
"""A script element that holds data is not run."""
SCOPE = re.compile(r'(?<=^__md_scope=new URL\(")[^"\\\n]*(?=",location\))')
BARE = "404.html"
"""A page that nobody has written: what scripts it has, the theme has put there."""
DRAWING = re.compile(r"<svg\b[^>]*/>|<svg\b.*?</svg>", re.DOTALL | re.IGNORECASE)
KINDS = {".css", ".html", ".ipynb", ".jpg", ".js", ".json", ".map", ".md", ".mjs", ".png", ".py", ".svg", ".txt"}
NAMED = {"feed.xml", "sitemap.xml", "sitemap.xml.gz"}
"""What a site is made of. A browser runs scripts in other kinds, too (`.xhtml`, `.xml`, `.SVG`), and no policy is in
those."""


def check(site: Path) -> None:
    """Raises UnsafePage for a file of another kind, for a drawing, alone or in a page, that does more than show, and
    for an inline script that is not the theme's.
    """
    checked: set[str] = set()
    themes_own = set(_without_scope(_page(site / BARE))) if (site / BARE).exists() else set()
    for path in sorted(path for path in site.rglob("*") if path.is_file()):
        name = path.relative_to(site).as_posix()
        if path.suffix not in KINDS and name not in NAMED:
            raise UnsafePage(f"{name}: a site has no files of this kind; they are listed in snippets/lab/site/csp.py")
        if path.suffix == ".svg":
            refuse_drawing(name, path.read_bytes())
        elif path.suffix == ".html":
            page = _page(path)
            drawings = set(DRAWING.findall(page)) - checked
            for drawing in drawings:
                refuse_drawing(name, drawing)
            checked |= drawings
            if not themes_own.issuperset(_without_scope(page)):
                raise UnsafePage(f"{name}: it has a script that the theme's own page, {BARE}, has not")


def _page(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _without_scope(page: str) -> list[str]:
    """Its inline scripts, without the way home that the theme writes into one of them."""
    return [SCOPE.sub("", code) for code in inline_scripts(page)]


def protect(site: Path) -> None:
    """Put the policy into each page of `site`, right after the line that names its encoding.

    The hashes are those of all inline scripts of the whole site, which `check` has seen to be the theme's: its instant
    navigation shows the next page under the policy of the first. Raises UnsafePage.
    """
    pages = {path: _page(path) for path in sorted(site.rglob("*.html"))}
    head = f'{CHARSET}<meta http-equiv="Content-Security-Policy" content="{policy(pages.values())}">'
    for path, text in pages.items():
        if text.count(CHARSET) != 1:
            raise UnsafePage(f"{path.relative_to(site)} has no {CHARSET} after which its policy could stand")
        path.write_text(text.replace(CHARSET, head), encoding="utf-8")


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
    scripts = ((script["attributes"], script["code"]) for script in SCRIPT.finditer(page))
    return [code for attributes, code in scripts if "src=" not in attributes and not DATA.search(attributes)]


def digest(code: str) -> str:
    """As a policy names it (CSP level 3, section 2.3.1). A browser reads line ends as \\n."""
    text = code.replace("\r\n", "\n").encode()
    return f"'sha256-{base64.b64encode(hashlib.sha256(text).digest()).decode()}'"
