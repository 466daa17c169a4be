"""What all tests share: one site, measured before the first test runs, and built for the first that looks at it."""

import gc
import os
import shutil
import signal
import tempfile
from collections.abc import Generator, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from snippets.lab.outputs.preloaded import Preloaded

    from .browser.site import Built

SHARED = "TESTS_SHARED_FOLDER"
"""Environment variable: a folder for all processes of this test run."""

OF_A_JOB = ("SITE_URL", "SITE_REPO_URL", "SITE_EDIT_URI", "OFFLINE", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")
"""What a job in CI sets for the site that it builds, and for what it says itself; no test may depend on it."""


def pytest_configure(config: pytest.Config) -> None:
    """The folder is made only in the process that starts the others: they inherit its environment."""
    for name in OF_A_JOB:
        os.environ.pop(name, None)
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        # A shell lets what it starts in the background ignore Ctrl-C, and so would all that the tests start.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if "PYTEST_XDIST_WORKER" not in os.environ:
        os.environ[SHARED] = tempfile.mkdtemp(prefix="num-workers-tests-")
    if config.getoption("--page"):
        from . import one_page  # which imports MkDocs

        config.pluginmanager.register(one_page)


def pytest_unconfigure(config: pytest.Config) -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        shutil.rmtree(os.environ.pop(SHARED), ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported and collected lives to the end: garbage is not looked for meanwhile, nor later in it."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


LONG_FILES = (
    *("site/test_elsewhere", "snippets/test_start_methods", "setup/test_install", "test_one_page"),
    *("site/", "setup/", "lab/measuring/", "snippets/", "browser/", "lab/test_command"),
)
"""Of tests, or folders of such: a file is run by one process, so the last to begin should be short. The first of them
asks for the site, and the three after it do without it while it is built.
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, each kept together."""

    def rank(item: pytest.Item) -> int:
        file = item.nodeid.removeprefix("tests/")
        return next((rank for rank, start in enumerate(LONG_FILES) if file.startswith(start)), len(LONG_FILES))

    items.sort(key=rank)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Measure as soon as it is known that a test asks for the site.

    pytest-xdist starts no test before each process has said what it collected. So nothing runs beside the
    measuring, which would disturb it. The site is built beside tests, which need not wait for it.
    """
    if session.config.option.collectonly:
        return
    if any("built_site" in getattr(item, "fixturenames", ()) for item in session.items):
        capture: Any = session.config.pluginmanager.getplugin("capturemanager")
        from .browser.site import begin  # not above: a machine with a GPU may have nothing but torch and pytest

        # Each test that asks for the site says why it could not be made.
        with capture.global_and_fixture_disabled() if capture else nullcontext():
            begin(Path(os.environ[SHARED]))


@pytest.fixture(scope="session")
def built_site() -> "Built":
    """The real project's site, built strictly, for a published address (see PRETENDED)."""
    from .browser.site import build_once

    return build_once(Path(os.environ[SHARED]))


@pytest.fixture(scope="session")
def python() -> "Iterator[Preloaded | None]":
    """Python that has imported torch, for scripts to which it is the same how they were started."""
    from .processes import python_with_torch  # as above

    yield from python_with_torch()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--page", help="only what looks at this page of docs/, such as guides/optimization.md")
