"""The mutator makes the mistakes that it says it makes: each one different, and each one Python.

What it does not prove: that the checks notice them; that takes hours (`make mutants`).
"""

import ast

import pytest

from snippets.lab.paths import ROOT, SNIPPETS

from .__main__ import FOLDERS
from .checks import checks
from .mutate import mutants

SOURCE = """
import time
from torch.utils.data import DataLoader

def seconds(dataset, num_workers=4):
    start = time.perf_counter()
    for batch in DataLoader(dataset, num_workers=num_workers):
        batch.sum()
    return time.perf_counter() - start

ARMS = {"0 workers": f(0), "4 workers": f(4)}
SPEEDUP = ARMS["0 workers"] / ARMS["4 workers"]  # a comment
CLAIM = at_least(2.0)
SAME = same_within(1.1)
COUNT = counted("a", b, 3, "c")
SHOWN = counted(seconds, "second")
EXACT = exactly(4)
"""


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("workers to 0", ["DataLoader(dataset, num_workers=0)"]),
        ("arms swapped", ["ARMS = {'0 workers': f(4), '4 workers': f(0)}"]),
        ("quotient upside down", ["SPEEDUP = (ARMS['4 workers'] / ARMS['0 workers'])  # a comment"]),
        ("timing dropped", ["return (0.0 - start)"]),
        ("sign flipped", ["return (time.perf_counter() + start)"]),
        ("line deleted", ["num_workers=num_workers):\n        pass"]),
        ("bound moved", ["at_least(2.0 * 1000.0)", "same_within(1.000001)", "counted('a', b, 4, 'c')", "exactly(5)"]),
    ],
)
def test_each_kind_of_mistake(kind: str, expected: list[str]) -> None:
    texts = [mutant.text for mutant in mutants(SOURCE, 100, "seed") if mutant.what == kind]
    assert len(texts) == len(expected)
    assert all(sum(change in text for text in texts) == 1 for change in expected)


def test_each_mutant_is_one_change_and_still_python() -> None:
    plain = ast.unparse(ast.parse(SOURCE))
    found = mutants(SOURCE, 100, "seed")
    assert len({mutant.text for mutant in found}) == len(found)
    for mutant in found:
        assert ast.unparse(ast.parse(mutant.text)) != plain
        changed = [one for one, other in zip(mutant.text.split("\n"), SOURCE.split("\n"), strict=True) if one != other]
        assert len(changed) == 1, "nothing else is touched, comments least of all"


def test_a_few_are_of_many_kinds_and_always_the_same() -> None:
    few = mutants(SOURCE, 5, "seed")
    assert len({mutant.what for mutant in few}) == 5
    assert few == mutants(SOURCE, 5, "seed")


def test_every_file_has_checks() -> None:
    """Also one that no experiment uses."""
    for folder in FOLDERS:
        for path in (SNIPPETS / folder).rglob("*.py"):
            for command in checks(path.relative_to(ROOT)):
                named = [word for word in command if word.startswith("tests/")]
                assert all((ROOT / word).exists() for word in named), command
