"""Small mistakes put into a file on purpose, one at a time: what a reader would be misled by."""

import ast
import copy
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Mutant:
    """The file's text with one mistake in it: of what kind, on which line, and what stood there."""

    what: str
    line: int
    code: str
    text: str


def mutants(text: str, most: int, seed: str) -> list[Mutant]:
    """Up to `most` of a file's mutants, of as many kinds as there are, chosen by a fixed seed."""
    by_kind: dict[str, list[Mutant]] = {}
    for mutant in _all(text):
        by_kind.setdefault(mutant.what, []).append(mutant)
    chance = random.Random(seed)
    for found in by_kind.values():
        chance.shuffle(found)
    chosen: list[Mutant] = []
    while len(chosen) < most and any(by_kind.values()):
        for found in by_kind.values():
            if found and len(chosen) < most:
                chosen.append(found.pop())
    return sorted(chosen, key=lambda mutant: mutant.line)


def _all(text: str) -> Iterator[Mutant]:
    """Each mistake is put into the text where its node stands: comments, which mark what a page shows, stay."""
    tree = ast.parse(text)
    in_strings = {id(child) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for child in ast.walk(node)}
    for what, mutate in KINDS.items():
        for node in ast.walk(tree):
            # Python 3.11 does not know where in a text the parts of an f-string stand.
            if not hasattr(node, "end_col_offset") or id(node) in in_strings:
                continue
            if wrong := mutate(copy.deepcopy(node)):
                line = node.lineno  # pyright: ignore[reportAttributeAccessIssue]
                yield Mutant(what, line, text.splitlines()[line - 1].strip(), _spliced(text, node, wrong))


def _spliced(text: str, node: Any, wrong: ast.AST) -> str:
    lines = text.splitlines(keepends=True)
    before = "".join(lines[: node.lineno - 1]) + _upto(lines[node.lineno - 1], node.col_offset)
    after = _from(lines[node.end_lineno - 1], node.end_col_offset) + "".join(lines[node.end_lineno :])
    said = ast.unparse(ast.fix_missing_locations(wrong))
    return f"{before}({said}){after}" if isinstance(wrong, ast.BinOp) else f"{before}{said}{after}"


def _upto(line: str, column: int) -> str:
    """Python counts columns in bytes of UTF-8."""
    return line.encode()[:column].decode()


def _from(line: str, column: int) -> str:
    return line.encode()[column:].decode()


def _no_workers(node: ast.AST) -> ast.AST | None:
    """`num_workers=4` becomes `num_workers=0`."""
    if isinstance(node, ast.keyword) and node.arg == "num_workers" and not _is(node.value, 0):
        return ast.keyword(node.arg, ast.Constant(0))
    return None


def _arms_swapped(node: ast.AST) -> ast.AST | None:
    """The first two arms of `{"a": ..., "b": ...}` change places."""
    if not isinstance(node, ast.Dict) or len(node.values) < 2 or not all(map(_is_text, node.keys[:2])):
        return None
    first, second = node.values[:2]
    if ast.dump(first) == ast.dump(second) or isinstance(first, ast.Constant) or isinstance(second, ast.Constant):
        return None
    node.values[:2] = [second, first]
    return node


def _upside_down(node: ast.AST) -> ast.AST | None:
    """`a / b` becomes `b / a`."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return ast.BinOp(node.right, node.op, node.left)
    return None


def _timing_dropped(node: ast.AST) -> ast.AST | None:
    """`perf_counter() - start` becomes `0.0 - start`."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and "perf_counter" in ast.unparse(node.left):
        return ast.BinOp(ast.Constant(0.0), node.op, node.right)
    return None


def _sign_flipped(node: ast.AST) -> ast.AST | None:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        return ast.BinOp(node.left, ast.Add(), node.right)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and not _is_text(node.left):
        return ast.BinOp(node.left, ast.Sub(), node.right)
    return None


def _line_deleted(node: ast.AST) -> ast.AST | None:
    """A call whose answer nobody reads, or a running sum, is left out."""
    called = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and "print" not in ast.unparse(node)
    return ast.Pass() if called or isinstance(node, ast.AugAssign) else None


def _bound_moved(node: ast.AST) -> ast.AST | None:
    """A claim's bound is put where no measurement reaches it."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
        return None
    match node.func.id:
        case "at_least" | "share_of_best":
            node.args[0] = ast.BinOp(node.args[0], ast.Mult(), ast.Constant(1000.0))
        case "at_most":
            node.args[0] = ast.BinOp(node.args[0], ast.Mult(), ast.Constant(0.001))
        case "same_within":
            node.args[0] = ast.Constant(1.000001)
        case "exactly" | "counted":
            return _one_more(node)
        case _:
            return None
    return node


def _one_more(node: ast.Call) -> ast.AST | None:
    """The first whole number among the arguments; what `counted` says in words has none."""
    for place, argument in enumerate(node.args):
        if isinstance(argument, ast.Constant) and type(argument.value) is int:
            node.args[place] = ast.Constant(argument.value + 1)
            return node
    return None


KINDS: dict[str, Callable[[Any], ast.AST | None]] = {
    "workers to 0": _no_workers,
    "arms swapped": _arms_swapped,
    "quotient upside down": _upside_down,
    "timing dropped": _timing_dropped,
    "sign flipped": _sign_flipped,
    "line deleted": _line_deleted,
    "bound moved": _bound_moved,
}


def _is(node: ast.AST, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value == value


def _is_text(node: ast.AST | None) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
