"""The project's own code, read without running it: what a module executes, which modules it imports, a hash of both."""

import ast
import hashlib
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from snippets.lab.moment import once
from snippets.lab.paths import CACHE, ROOT
from snippets.lab.store import read_json, write_json

MODULE = re.compile(r"snippets(\.\w+)*")
KEPT = CACHE / "sources.json"
"""What was read of files, for the next process: parsing all of them takes a second. By the SHA-256 of what that depends
on, so it is never out of date: a file's bytes, this module's, and the Python that parses.
"""
MOST_KEPT = 2000


@dataclass(frozen=True)
class Source:
    """One file. `names`: what its imports name under `snippets`, be it a module or not. `digest`: SHA-256 of what
    `executed` gives.
    """

    names: frozenset[str]
    digest: bytes


@once
def source_hash(*modules: str, root: Path = ROOT) -> str:
    """A hash of what modules execute, and of every `snippets` module that they import, at any depth: 16 hexadecimal
    digits. Raises OSError for a module that is not there.
    """
    digest = hashlib.sha256()
    for name in sorted(imported_modules(*modules, root=root)):
        digest.update(f"{name}\n".encode())
        digest.update(_source(name, root).digest)
    if root == ROOT:
        _keep()
    return digest.hexdigest()[:16]


def imported_modules(*modules: str, root: Path = ROOT) -> set[str]:
    """`modules` and the modules under `snippets` that they import, found in the source without running it.

    A string that is a module's name counts: such modules are imported when they are needed.
    """
    seen: set[str] = set()
    waiting = [*modules]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += _imported_by(name, root)
    return seen


def executed(source: bytes) -> str:
    """What Python executes of a file, in one spelling: without comments, layout and strings that are no part of a
    statement. A module that reads its own `__doc__` keeps its strings.

    Not `ast.dump`, whose spelling changes between versions of Python.
    """
    return _executed(ast.parse(source), b"__doc__" in source)


def _executed(tree: ast.Module, keep_strings: bool) -> str:
    return repr(_parts(tree, keep_strings))


def _parts(node: Any, keep_strings: bool) -> Any:
    if isinstance(node, list):
        return [_parts(child, keep_strings) for child in node if keep_strings or not _is_docstring(child)]
    if not isinstance(node, ast.AST):
        return node
    if isinstance(node, ast.JoinedStr):  # Python 3.12 puts an empty text behind a width that is filled in
        node.values = [part for part in node.values if not (isinstance(part, ast.Constant) and part.value == "")]
    fields = ((name, value) for name, value in ast.iter_fields(node) if value is not None and value != [])
    return (type(node).__name__, *((name, _parts(value, keep_strings)) for name, value in fields))


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


@once
def _imported_by(module: str, root: Path) -> list[str]:
    """What a module itself imports, and its package, whose __init__ runs first."""
    return [name for name in (*_source(module, root).names, module.rpartition(".")[0]) if _exists(name, root)]


@once
def _source(module: str, root: Path) -> Source:
    path = _file(module, root)
    return _read(path, path.stat().st_mtime_ns)


@cache
def _read(path: Path, mtime_ns: int) -> Source:
    """Read once per change."""
    source = path.read_bytes()
    key = hashlib.sha256(_reader() + source).hexdigest()
    digest, *names = _kept().get(key) or _new.setdefault(key, _parsed(source))
    return Source(frozenset(names), bytes.fromhex(digest))


def _parsed(source: bytes) -> list[str]:
    """The digest of a file, and its names."""
    tree = ast.parse(source)
    names = sorted({name for name in _names(tree) if MODULE.fullmatch(name)})
    return [hashlib.sha256(_executed(tree, b"__doc__" in source).encode()).hexdigest(), *names]


_new: dict[str, list[str]] = {}
"""What this process has parsed and not written yet."""


@cache
def _kept() -> dict[str, list[str]]:
    try:
        return read_json(dict[str, list[str]], KEPT)
    except (OSError, ValueError):
        return {}


@cache
def _reader() -> bytes:
    return sys.version.encode() + Path(__file__).read_bytes()


def _keep() -> None:
    """Where nothing can be written, the next process parses again."""
    if _new:
        _kept().update(_new)
        _new.clear()
        with suppress(OSError):
            write_json(dict([*_kept().items()][-MOST_KEPT:]), KEPT)


def _names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _exists(module: str, root: Path) -> bool:
    return _file(module, root).is_file()


def _file(module: str, root: Path) -> Path:
    path = root.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
