"""Small mistakes put into a file on purpose, one at a time: what a reader would be misled by."""

import ast
import copy
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Edit = Callable[[ast.AST], bool]


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
    tree = ast.parse(text)
    for what, mutate in KINDS.items():
        for number, _ in enumerate(ast.walk(tree)):
            changed = copy.deepcopy(tree)
            node = next(each for at, each in enumerate(ast.walk(changed)) if at == number)
            line = getattr(node, "lineno", 0)
            if mutate(node):
                code = text.splitlines()[line - 1].strip() if line else ""
                yield Mutant(what, line, code, ast.unparse(ast.fix_missing_locations(changed)) + "\n")


def _no_workers(node: ast.AST) -> bool:
    """`num_workers=4` becomes `num_workers=0`."""
    if isinstance(node, ast.keyword) and node.arg == "num_workers" and not _is(node.value, 0):
        node.value = ast.Constant(0)
        return True
    return False


def _arms_swapped(node: ast.AST) -> bool:
    """The first two arms of `{"a": ..., "b": ...}` change places."""
    if not isinstance(node, ast.Dict) or len(node.values) < 2 or not all(map(_is_text, node.keys[:2])):
        return False
    if ast.dump(node.values[0]) == ast.dump(node.values[1]) or any(map(_is_plain, node.values[:2])):
        return False
    node.values[0], node.values[1] = node.values[1], node.values[0]
    return True


def _upside_down(node: ast.AST) -> bool:
    """`a / b` becomes `b / a`."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        node.left, node.right = node.right, node.left
        return True
    return False


def _timing_dropped(node: ast.AST) -> bool:
    """`perf_counter() - start` becomes `0.0 - start`."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and "perf_counter" in ast.unparse(node.left):
        node.left = ast.Constant(0.0)
        return True
    return False


def _sign_flipped(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        node.op = ast.Add()
        return True
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and not _is_text(node.left):
        node.op = ast.Sub()
        return True
    return False


def _line_deleted(node: ast.AST) -> bool:
    """A call whose answer nobody reads, or a running sum, is left out."""
    for name in ("body", "orelse"):
        body = getattr(node, name, None)
        if not isinstance(body, list):
            continue
        for at, statement in enumerate(body):
            called = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
            if (called and "print" not in ast.unparse(statement)) or isinstance(statement, ast.AugAssign):
                body[at] = ast.Pass()
                return True
    return False


def _bound_moved(node: ast.AST) -> bool:
    """A claim's bound is put where no measurement reaches it."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
        return False
    beyond = {"at_least": 1000.0, "at_most": 0.001, "share_of_best": 1000.0}.get(node.func.id)
    if beyond is not None:
        node.args[0] = ast.BinOp(node.args[0], ast.Mult(), ast.Constant(beyond))
    elif node.func.id == "same_within":
        node.args[0] = ast.Constant(1.000001)
    elif node.func.id == "counted":
        node.args[2] = ast.BinOp(node.args[2], ast.Add(), ast.Constant(1))
    return beyond is not None or node.func.id in ("same_within", "counted")


KINDS: dict[str, Edit] = {
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


def _is_plain(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant)
