"""What looks at one page, for `make check PAGE=…`: a pytest plugin that runs nothing else.

A test that runs code and passed before, with the same code, is skipped: it takes seconds, and most edits of a page
change no code.
"""

import re
import sys
from collections.abc import Generator
from functools import cache
from hashlib import sha256
from pathlib import Path

import pluggy
import pytest

from snippets.lab.paths import PAGES as SNIPPETS
from snippets.lab.paths import ROOT

from .docs.pages import ALL_PAGES, Block, source, targets

RUNNING = (
    ROOT / "tests" / "snippets",
    *(ROOT / "tests" / "docs" / f"test_{name}.py" for name in ("blocks", "statements", "benchmarks", "helper_sprites")),
)
"""What runs code: snippets, a page's blocks, and what proves the guides' statements."""
PASSED = "passed"
"""Where pytest's cache keeps what `state` gave of each test that passed."""
_passed: set[str] = set()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items[:] = select(items, str(config.getoption("--page")))
    passed = config.cache.get(PASSED, []) if config.cache else []
    for item in items:
        if state(item) in passed:
            item.add_marker(pytest.mark.skip(reason="passed before, and nothing of it has changed"))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pluggy.Result[pytest.TestReport], None]:
    outcome = yield
    outcome.get_result().user_properties.append(("state", state(item)))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and report.passed and (found := dict(report.user_properties)["state"]):
        _passed.add(str(found))


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _passed and session.config.cache and not hasattr(session.config, "workerinput"):
        session.config.cache.set(PASSED, sorted({*session.config.cache.get(PASSED, []), *_passed}))


def select(items: list[pytest.Item], page: str) -> list[pytest.Item]:
    """The tests of a page, of its snippets and of all pages together. Raises UsageError where there is no such page."""
    if page not in ALL_PAGES:
        raise pytest.UsageError(f"no page {page!r} in docs/; there are: {', '.join(ALL_PAGES)}")
    own, own_files = _names(page), {f"test_{Path(name).stem}.py" for name in _snippets(page)}
    others = {name for other in ALL_PAGES if other != page for name in _names(other)} - own
    about, about_others = _pattern(own), _pattern(others)

    def is_wanted(item: pytest.Item) -> bool:
        if about.search(_case(item)) or item.path.name in own_files:
            return True
        return item.path.parent.name == "docs" and not about_others.search(_case(item))

    return [item for item in items if is_wanted(item)]


def _names(page: str) -> set[str]:
    """What cases of tests call a page, in docs/ and in the site, and the snippets that it shows."""
    address = page.removesuffix(".md").removesuffix("/index")
    return {page, "home" if address == "index" else address, *_snippets(page)}


def _snippets(page: str) -> set[str]:
    return {target.partition(".")[0] for target in targets(source(page))}


def _pattern(names: set[str]) -> re.Pattern[str]:
    return re.compile(rf"(?:^|[-:])(?:{'|'.join(map(re.escape, sorted(names)))})(?:\.py|\.md)?(?:$|[-:])")


def _case(item: pytest.Item) -> str:
    return item.callspec.id if isinstance(item, pytest.Function) and hasattr(item, "callspec") else ""


def state(item: pytest.Item) -> str:
    """Of a test that runs code, a hash of what its outcome depends on; "" of another, or one that reads a page.

    These are its case, the snippets that it is about, what a page shows of them, and all Python beside.
    """
    if not any(item.path.is_relative_to(place) for place in RUNNING) or _case(item) in ALL_PAGES:
        return ""
    block = item.callspec.params.get("block") if isinstance(item, pytest.Function) and _case(item) else None
    if isinstance(block, Block):  # without the line at which it stands
        return _hash(block.code, str(block.expected), _files(_named(block.target)), _beside())
    return _hash(item.nodeid, _files(_named(_case(item)) or _of_file(item.path)), _beside())


def _named(case: str) -> frozenset[Path]:
    """The snippets that a case names."""
    return frozenset(path for name in re.findall(r"\w+/\w+", case) if (path := SNIPPETS / f"{name}.py").is_file())


def _of_file(tests: Path) -> frozenset[Path]:
    """The snippets that a file of tests is about: those of its name, or all."""
    every = frozenset(SNIPPETS.rglob("*.py"))
    return frozenset(path for path in every if f"test_{path.stem}.py" == tests.name) or every


@cache
def _beside() -> str:
    """Of all that such a test may use and that is no snippet: this project's Python, and the packages."""
    python = {path for place in ("snippets", "tests") for path in (ROOT / place).rglob("*.py")}
    settings = {ROOT / "pyproject.toml", *ROOT.glob("requirements*")}  # torch has a lock of its own
    return _hash(sys.version, _files(frozenset({*python, *settings} - {*SNIPPETS.rglob("*.py")})))


@cache
def _files(paths: frozenset[Path]) -> str:
    return _hash(*(f"{path} {path.read_text(encoding='utf-8')}" for path in sorted(paths)))


def _hash(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()[:16]
