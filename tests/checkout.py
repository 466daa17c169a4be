"""A copy of this checkout, to break and to blow up: nothing that happens in it reaches the real one."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STRICTLY = ("-m", "mkdocs", "build", "--strict", "--site-dir", "built")
LEFT_OUT = ("__pycache__", "node_modules", "*.egg-info", ".*_cache")
LEFT_OUT_AT_THE_TOP = (".git", ".venv", ".cache", "images", "site")
LEFT_OUT_OF_SITES = "exclude_docs: |\n  /asked.toml\n  /theme/\n"
NOTEBOOKS = re.compile(r"^ +- .+: labs/.+\n|^  - mkdocs-jupyter:\n(?:   .*\n)*", re.MULTILINE)
"""In mkdocs.yml: the pages, and what makes them. Loading that takes a second, a fourth of what a small build took."""
OF_THE_CACHE = (
    *("results.json", "accepted.json", "outputs.json", "verdicts.json", "sources.json"),
    *("published", "figures", "notebook", "templates"),
)


@dataclass(frozen=True)
class Checkout:
    root: Path

    def environment(self, **more: str) -> dict[str, str]:
        """Under which Python imports this copy's `snippets`, wherever it runs."""
        return {**os.environ, "PYTHONPATH": str(self.root), "NO_MKDOCS_2_WARNING": "1", **more}

    def run(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """`python ARGUMENTS` in the copy; stdout and stderr are read."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root,
            env=self.environment(**environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=600,
        )


def checkout(
    target: Path, source: Path = ROOT, without: Sequence[str] = (), pages: Iterable[str] | None = None
) -> Checkout:
    """The files of the checkout, with its images, results, drawings and executed notebook where there are any.

    Args:
        without: names of files and folders that are left out as well.
        pages: those of docs/ that the copy builds, beside the front page; None: all. The others lie there all the same:
            what speaks of them finds them, and MkDocs does not complain of a link to one that it was told to leave out.
            Where none is a notebook, the plugin for notebooks is left out as well.
    """
    anywhere = shutil.ignore_patterns(*LEFT_OUT, *without)
    at_the_top = shutil.ignore_patterns(*LEFT_OUT_AT_THE_TOP)

    def left_out(folder: str, names: list[str]) -> set[str]:
        return anywhere(folder, names) | (at_the_top(folder, names) if Path(folder) == source else set())

    shutil.copytree(source, target, ignore=left_out, dirs_exist_ok=True)
    if (source / "images").is_dir() and "images" not in without:
        shutil.copytree(source / "images", target / "images", ignore=anywhere, copy_function=_linked)
    for name in OF_THE_CACHE:
        cached = source / ".cache" / name
        if cached.is_dir():
            shutil.copytree(cached, target / ".cache" / name)
        elif cached.exists():
            (target / ".cache").mkdir(exist_ok=True)
            shutil.copy2(cached, target / ".cache" / name)
    if pages is not None:
        build_only(target / "mkdocs.yml", pages)
    return Checkout(target)


def with_carriage_returns(root: Path, but: str | None = None) -> None:
    """Windows' line ends in all texts of docs/ and snippets/, as an editor leaves them, or a program that unpacks an
    archive. By `.gitattributes`, git itself checks out none. The folders where readers write are enough: a text of
    .ci/, or mkdocs.yml, is read by programs that take either.

    Args:
        root: of a copy of the checkout; its files are written anew.
        but: the name of a folder whose own files stay as they are.
    """
    for folder in ("docs", "snippets"):
        for file in (root / folder).rglob("*"):
            if file.is_file() and file.parent.name != but:
                content = file.read_bytes()
                if b"\0" not in content:  # by that git tells a text, too
                    file.write_bytes(content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))


def build_only(settings: Path, pages: Iterable[str]) -> None:
    """Let this mkdocs.yml name the front page and these."""
    pages = {"index.md", *pages}
    text = settings.read_text(encoding="utf-8")
    assert text.count(LEFT_OUT_OF_SITES) == 1, f"{settings.name} has no longer {LEFT_OUT_OF_SITES!r}"
    patterns = ["*.md", "/labs/*.py", *(f"!/{page}" for page in sorted(pages))]
    left_out = LEFT_OUT_OF_SITES + "".join(f"  {pattern}\n" for pattern in patterns)
    text = text.replace(LEFT_OUT_OF_SITES, left_out)
    if not any(page.startswith("labs/") for page in pages):
        text = NOTEBOOKS.sub("", text)
        assert ": labs/" not in text and "jupyter" not in text, f"{settings.name} has notebooks in another spelling"
    settings.write_text(text, encoding="utf-8")


def _linked(source: str, target: str) -> None:
    """The same file where both are on one disk: images are 70 MB, and none is ever written over in its place."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
