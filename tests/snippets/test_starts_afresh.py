"""A snippet that tells a library something before it imports it runs in a Python that has not imported it yet.

Else it is run in a fork of a Python that has torch and NumPy imported, and what it sets comes too late.
"""

import ast
import re

import pytest

from snippets.lab.outputs.running import STARTS_AFRESH
from snippets.lab.paths import PAGES

from ..docs.advice import nothing

SETTING = re.compile(r"os\.(?:environ\.(?:setdefault|update)|putenv)\(")
BY_ITEM, BY_CALL = "os.environ['OMP_NUM_THREADS'] = '1'", "os.environ.setdefault('OMP_NUM_THREADS', '1')"


def sets_before_an_import(code: str) -> bool:
    """Whether the script sets an environment variable, and imports something afterwards."""
    statements = ast.parse(code).body
    setting = [number for number, statement in enumerate(statements) if sets_environment(statement)]
    return bool(setting) and any(isinstance(each, ast.Import | ast.ImportFrom) for each in statements[setting[0] :])


def sets_environment(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Assign):
        return any("environ" in ast.unparse(target) for target in statement.targets)
    return isinstance(statement, ast.Expr) and bool(SETTING.match(ast.unparse(statement)))


@pytest.mark.parametrize("setting", [BY_ITEM, BY_CALL])
def test_what_is_set_before_an_import_is_found(setting: str) -> None:
    assert sets_before_an_import(f"import os\n{setting}\nimport numpy")
    assert not sets_before_an_import(f"import os\nimport numpy\n{setting}")


def test_whoever_sets_something_before_an_import_starts_afresh() -> None:
    late = [
        str(path.relative_to(PAGES))
        for path in sorted(PAGES.rglob("*.py"))
        if sets_before_an_import(code := path.read_text(encoding="utf-8")) and not STARTS_AFRESH.search(code)
    ]
    nothing(late, "torch and NumPy are imported when these begin; say `# starts: afresh` above the shown part")
