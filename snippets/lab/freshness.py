"""When is a result stale? When what it was measured with has changed: code, versions or machine.

A prose edit changes none of these, so it re-measures nothing.
"""

import ast
import hashlib
import json
import re
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path

from snippets.lab.machine import Machine, Software
from snippets.lab.moment import once
from snippets.lab.paths import ROOT

MODULE = re.compile(r"snippets(\.\w+)*")


@once
def source_hash(*modules: str, root: Path = ROOT) -> str:
    """A hash of modules and of every `snippets` module that they import, at any depth."""
    digest = hashlib.sha256()
    for name in sorted(set().union(*(imported_modules(module, root) for module in modules))):
        digest.update(f"{name}\n".encode())
        digest.update(_file(name, root).read_bytes())
    return digest.hexdigest()[:16]


def imported_modules(module: str, root: Path = ROOT) -> set[str]:
    """`module` and the modules under `snippets` that it imports, found in the source without running it."""
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        waiting += _direct_imports(_file(name, root), root)
        package = name.rpartition(".")[0]  # its __init__ runs first
        if _exists(package, root):
            waiting.append(package)
    return seen


def machine_hash(machine: Machine, software: Software) -> str:
    """Driver and quota included: a result of another machine says nothing here. Not the size of its memory, which may
    grow while a virtual machine runs.
    """
    text = json.dumps([asdict(replace(machine, ram=0, shm=None)), asdict(software)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _direct_imports(path: Path, root: Path) -> set[str]:
    return {name for name in _named_imports(path, path.stat().st_mtime_ns) if _exists(name, root)}


@cache
def _named_imports(path: Path, mtime_ns: int) -> frozenset[str]:
    """What a file's imports name under `snippets`, be it a module or not; read once per change.

    A string that is a module's name counts: such modules are imported when they are needed.
    """
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.update([node.module, *(f"{node.module}.{alias.name}" for alias in node.names)])
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    return frozenset(name for name in found if MODULE.fullmatch(name))


def _exists(module: str, root: Path) -> bool:
    return _file(module, root).is_file()


def _file(module: str, root: Path = ROOT) -> Path:
    path = root.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
