"""The file by itself: what it imports, what it calls, and how long it is."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

from snippets.tools import tune_num_workers as tuner

CODE = Path(tuner.__file__).read_text(encoding="utf-8")
TREE = ast.parse(CODE)
MOST_LINES = 715
"""Of code: a reader who runs what he has downloaded should be able to read it."""


def test_it_imports_the_standard_library_and_torch_alone() -> None:
    imported = {alias.name for node in ast.walk(TREE) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(TREE) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= {*sys.stdlib_module_names, "torch"}


def test_it_uses_no_private_name() -> None:
    """Those of torch change without notice. `os._exit` is documented."""
    used = {node.attr for node in ast.walk(TREE) if isinstance(node, ast.Attribute)}
    private = {name for name in used if name.startswith("_") and not name.endswith("__")}
    assert private <= {"_exit"}


def test_it_is_short() -> None:
    """Lines that are neither empty, nor a comment, nor a docstring."""
    told: set[int] = set()
    for node in ast.walk(TREE):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            told |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = [line for number, line in enumerate(CODE.splitlines(), 1) if number not in told]
    assert len([line for line in lines if line.strip() and not line.strip().startswith("#")]) <= MOST_LINES
