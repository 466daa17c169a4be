"""Each tool by itself: what it imports, what it calls, and how long it is."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from snippets.lab.catalog import TOOLS

MOST_LINES = {"tune_num_workers": 791, "loader_doctor": 679}
"""Of code: a reader who runs what he has downloaded should be able to read it. At 600 the tuner would lose all of its
parts "What can be wrong" and "Time, and ranks", by which a mistake is one line, and what hangs ends.
"""
PRIVATE = {
    "tune_num_workers": {"_exit"},
    "loader_doctor": {"_get_default_store", "_sampler_iter"},
}
"""`os._exit` is documented. Where this torch has the doctor's no more, it goes without them and says so."""

tools = pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.stem)


def tree(tool: Path) -> ast.Module:
    return ast.parse(tool.read_text(encoding="utf-8"))


@tools
def test_it_imports_the_standard_library_and_torch_alone(tool: Path) -> None:
    nodes = [*ast.walk(tree(tool))]
    imported = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= {*sys.stdlib_module_names, "torch"}


@tools
def test_it_uses_no_private_name(tool: Path) -> None:
    """Those of torch change without notice."""
    used = {node.attr for node in ast.walk(tree(tool)) if isinstance(node, ast.Attribute)}
    private = {name for name in used if name.startswith("_") and not name.endswith("__")}
    assert private <= PRIVATE[tool.stem]


@tools
def test_it_prints_no_sign_that_a_code_page_lacks(tool: Path) -> None:
    """A report that cannot be written to a file on Windows would end the training."""
    assert tool.read_text(encoding="utf-8").isascii()


@tools
def test_it_is_short(tool: Path) -> None:
    """Lines that are neither empty, nor a comment, nor a docstring."""
    told: set[int] = set()
    for node in ast.walk(tree(tool)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            told |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = [line for number, line in enumerate(tool.read_text(encoding="utf-8").splitlines(), 1) if number not in told]
    assert len([line for line in lines if line.strip() and not line.strip().startswith("#")]) <= MOST_LINES[tool.stem]
