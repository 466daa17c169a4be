"""The order in which files of tests begin."""

from pathlib import Path

from .conftest import LONG_FILES


def test_what_is_said_to_be_long_is_there() -> None:
    here = Path(__file__).parent
    files = [path.relative_to(here).as_posix() for path in here.rglob("*.py")]
    assert [start for start in LONG_FILES if not any(file.startswith(start) for file in files)] == []
