"""Small mistakes put into a file on purpose, one at a time: what a reader would be misled by."""

import ast
import copy
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, zip_longest
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
    for of_a_kind in by_kind.values():
        chance.shuffle(of_a_kind)
    in_turn = [mutant for mutant in chain(*zip_longest(*by_kind.values())) if mutant]
    return sorted(in_turn[:most], key=lambda mutant: mutant.line)


def _all(text: str) -> Iterator[Mutant]:
    """Each mistake is put into the text where its node stands: comments, which mark what a page shows, stay."""
    tree = ast.parse(text)
    in_strings = {id(child) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for child in ast.walk(node)}
    for node in ast.walk(tree):
        # Python 3.11 does not know where in a text the parts of an f-string stand.
        if isinstance(node, ast.expr | ast.stmt | ast.keyword) and id(node) not in in_strings:
            for what, wrong in mistakes(copy.deepcopy(node)):
                code = text.splitlines()[node.lineno - 1].strip()
                yield Mutant(what, node.lineno, code, _spliced(text, node, wrong))


def _spliced(text: str, node: Any, wrong: ast.AST) -> str:
    # Python counts columns in bytes of UTF-8.
    lines = text.encode().splitlines(keepends=True)
    before = b"".join(lines[: node.lineno - 1]) + lines[node.lineno - 1][: node.col_offset]
    after = lines[node.end_lineno - 1][node.end_col_offset :] + b"".join(lines[node.end_lineno :])
    code = ast.unparse(ast.fix_missing_locations(wrong))
    return before.decode() + (f"({code})" if isinstance(wrong, ast.BinOp) else code) + after.decode()


def mistakes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Each kind of mistake that can be made with a node, and what it then is."""
    match node:
        case ast.keyword(arg="num_workers", value=value) if ast.unparse(value) != "0":
            yield "workers to 0", ast.keyword(node.arg, ast.Constant(0))
        case ast.Dict(keys=keys, values=[first, second, *rest]) if all(map(_is_text, keys[:2])):
            constant = isinstance(first, ast.Constant) or isinstance(second, ast.Constant)
            if not constant and ast.dump(first) != ast.dump(second):
                yield "arms swapped", ast.Dict(keys, [second, first, *rest])
        case ast.BinOp(left, ast.Div(), right):
            yield "quotient upside down", ast.BinOp(right, ast.Div(), left)
        case ast.BinOp(left, ast.Sub(), right):
            if "perf_counter" in ast.unparse(left):
                yield "timing dropped", ast.BinOp(ast.Constant(0.0), ast.Sub(), right)
            yield "sign flipped", ast.BinOp(left, ast.Add(), right)
        case ast.BinOp(left, ast.Add(), right) if not _is_text(left):
            yield "sign flipped", ast.BinOp(left, ast.Sub(), right)
        case ast.AugAssign():
            yield "line deleted", ast.Pass()
        case ast.Expr(ast.Call()) if "print" not in ast.unparse(node):  # a call whose answer nobody reads
            yield "line deleted", ast.Pass()
        case ast.Call(ast.Name(name), [first, *rest]):
            if moved := _moved(name, first, rest):
                yield "bound moved", ast.Call(node.func, moved, node.keywords)


def _moved(name: str, first: ast.expr, rest: list[ast.expr]) -> list[ast.expr] | None:
    """The arguments of a claim's bound, put where no measurement reaches it."""
    match name:
        case "at_least" | "share_of_best":
            return [ast.BinOp(first, ast.Mult(), ast.Constant(1000.0)), *rest]
        case "at_most" if ast.unparse(first) != "0":
            return [ast.BinOp(first, ast.Mult(), ast.Constant(0.001)), *rest]
        case "same_within":
            return [ast.Constant(1.000001), *rest]
        case "exactly" | "counted":  # the first whole number; what `counted` says in words has none
            for place, argument in enumerate(arguments := [first, *rest]):
                if isinstance(argument, ast.Constant) and type(argument.value) is int:
                    arguments[place] = ast.Constant(argument.value + 1)
                    return arguments
    return None


def _is_text(node: ast.AST | None) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
