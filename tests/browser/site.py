"""The built site, and a server that shows it as its host would: in a subfolder, with its own 404 page."""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import yaml
from filelock import FileLock

from snippets.lab.outputs import outputs
from snippets.lab.paths import OUTPUTS
from snippets.lab.site.build import NOTEBOOK_CACHE, forget_stale_notebooks
from snippets.lab.site.mkdocs import complaints

ROOT = Path(__file__).resolve().parents[2]
BUILD_LIMIT_S = 1800
STDERR = 2
"""File descriptor. What a process of pytest-xdist writes to its stdout is lost."""
PRETENDED = {
    # A subfolder: an address that forgets it works on a developer's machine and breaks when published.
    "SITE_URL": "https://site.invalid/num-workers/",
    # With a repository, because the theme would ask its host for news from the reader's browser.
    "SITE_REPO_URL": "https://github.com/example/example",
    "SITE_EDIT_URI": "edit/main/docs/",
}


def planned_pages() -> list[str]:
    """Address of each page in the navigation of mkdocs.yml, relative to the site, and of the 404 page."""
    return [_address(source) for source in _sources(settings()["nav"])] + ["404.html"]


def settings() -> dict[str, Any]:
    """What mkdocs.yml says, but for what its own tags stand for."""
    return yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), _Plain)


class _Plain(yaml.SafeLoader):
    """Reads mkdocs.yml without its own tags (!ENV, !relative)."""


_Plain.add_multi_constructor("!", lambda loader, tag, node: None)
_Plain.add_multi_constructor("tag:yaml.org,2002:python/", lambda loader, tag, node: None)


def _sources(nav: list | dict | str) -> Iterator[str]:
    if isinstance(nav, str):
        yield nav
        return
    for entry in nav.values() if isinstance(nav, dict) else nav:
        yield from _sources(entry)


def _address(source: str) -> str:
    path = PurePosixPath(source)
    folder = path.parent if path.stem in ("index", "README") else path.with_suffix("")
    return "" if folder == PurePosixPath(".") else f"{folder}/"


@dataclass(frozen=True)
class Site:
    root: Path
    address: str
    """Where it is served, with the slash at its end."""

    def pages(self) -> list[str]:
        """Address of each page that was built, relative to the site."""
        return sorted(
            path.relative_to(self.root).as_posix().removesuffix("index.html") for path in self.root.rglob("*.html")
        )


@dataclass(frozen=True)
class Built:
    """The strictly built site of this test run, and what MkDocs said while it built it (warnings and errors only)."""

    root: Path
    said: str


def begin(shared: Path) -> None:
    """What has the machine for itself, as times are taken of it: results, what snippets print, and the site, where a
    notebook runs for it. Done by the first test process that comes here; the others wait for its lock.
    """
    if not os.environ.get("SITE_DIR") and not _once(shared, "measured", _measure)[0] and _runs_a_notebook():
        _once(shared, "site", partial(_build, shared / "site"))


def build_once(shared: Path) -> Built:
    """The built site: SITE_DIR if given, else made in `shared` by the first test process that asks, beside the tests of
    the others.

    Raises:
        RuntimeError: in each process that asks, where it could not be made.
    """
    if given := os.environ.get("SITE_DIR"):
        return Built(Path(given), "")
    site = shared / "site"
    problem, said = _once(shared, "measured", _measure)
    if not problem:
        problem, said = _once(shared, "site", partial(_build, site))
    if problem:
        raise RuntimeError(f"{problem}:\n{said}")
    return Built(site, said)


def _once(shared: Path, name: str, make: Callable[[], tuple[str, str]]) -> tuple[str, str]:
    """What went wrong, "" if nothing did, and what was said: made by the first process that asks."""
    outcome = shared / f"{name}.json"
    with FileLock(shared / f"{name}.lock"):
        if not outcome.exists():
            outcome.write_text(json.dumps(make()), encoding="utf-8")
    problem, said = json.loads(outcome.read_text(encoding="utf-8"))
    return problem, said


def _measure() -> tuple[str, str]:
    """Images, results, outputs: what is missing or stale, which is said on the terminal."""
    _say("\nBefore the tests: images and results; then one site for all of them.")
    try:
        for command in (["-m", "snippets.images"], ["-m", "snippets.lab", "measure"]):
            ended = subprocess.run([sys.executable, *command], cwd=ROOT, stdout=STDERR, timeout=BUILD_LIMIT_S)
            if ended.returncode:
                return f"python {' '.join(command)} failed, as said above the tests", ""
        with redirect_stdout(sys.stderr):  # before MkDocs would do it, of whose words only complaints are kept
            outputs.capture(OUTPUTS)
    except (outputs.OutputError, subprocess.TimeoutExpired) as error:
        return str(error), ""
    return "", ""


def _runs_a_notebook() -> bool:
    """Whether the next build does: what it keeps of one is older than its page, or than the settings."""
    forget_stale_notebooks()
    kept = [path.stat().st_mtime for path in NOTEBOOK_CACHE.glob("*.json")]
    sources = [ROOT / "mkdocs.yml", *(ROOT / "docs" / "labs").glob("*.py")]
    return max(kept, default=0.0) < max(path.stat().st_mtime for path in sources)


def _build(site: Path) -> tuple[str, str]:
    try:
        # Not --quiet: it hides warnings from --strict too, which then passes.
        build = subprocess.run(
            [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(site)],
            cwd=ROOT,
            env={**os.environ, **PRETENDED, "NO_MKDOCS_2_WARNING": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=BUILD_LIMIT_S,
        )
    except subprocess.TimeoutExpired as error:
        return str(error), ""
    problem = f"mkdocs build --strict failed with exit status {build.returncode}" if build.returncode else ""
    return problem, complaints(build.stdout).strip()[-8000:]


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _sitemap(site: Site) -> bytes:
    """With this server's own addresses: instant navigation follows only the links that a sitemap lists."""
    entries = "".join(f"<url><loc>{site.address}{page}</loc></url>" for page in site.pages() if page != "404.html")
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'.encode()


class _Server(ThreadingHTTPServer):
    sitemap = b""


class Handler(SimpleHTTPRequestHandler):
    """Answers as the host would: with its lifetime of files, and its page for what is not there."""

    def __init__(self, *args: Any, prefix: str, **kwargs: Any) -> None:
        self.prefix = prefix
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        if urlsplit(self.path).path == f"{self.prefix}sitemap.xml":
            assert isinstance(self.server, _Server)
            self._send(200, "application/xml", self.server.sitemap)
        else:
            super().do_GET()

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "max-age=600")  # as GitHub Pages does
        super().end_headers()

    def translate_path(self, path: str) -> str:
        if not path.startswith(self.prefix):
            return str(Path(self.directory) / "outside of the site")
        return super().translate_path("/" + path.removeprefix(self.prefix))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        self._send(code, "text/html; charset=utf-8", (Path(self.directory) / "404.html").read_bytes())

    def _send(self, code: int, kind: str, body: bytes) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served(root: Path, handler: type[Handler] = Handler) -> Iterator[Site]:
    """The site in `root` on a free port of 127.0.0.1, below the path that it was built for."""
    home = (root / "index.html").read_text(encoding="utf-8")
    canonical = re.search(r'<link rel="canonical" href="([^"]+)"', home)
    prefix = urlsplit(canonical[1]).path if canonical else "/"
    server = _Server(("127.0.0.1", 0), partial(handler, prefix=prefix, directory=str(root)))
    site = Site(root, f"http://127.0.0.1:{server.server_port}{prefix}")
    server.sitemap = _sitemap(site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
