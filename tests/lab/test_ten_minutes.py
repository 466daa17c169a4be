"""The recipe of CONTRIBUTING for a GPU that is somebody's for ten minutes: each of its lines is a command that exists.

What it does not prove: that ten minutes are enough, or what a GPU gives.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from snippets.lab import __main__ as command
from snippets.lab.measuring.limit import GRACE_SECONDS
from snippets.lab.paths import LOCAL_RESULTS, ROOT
from snippets.lab.results import contributed

TEXT = (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
(BLOCK,) = re.findall(r"A GPU that is yours for ten minutes: (?:.+\n)+\n```console\n((?:\$ .*\n)+)```", TEXT)
LINES = [line.removeprefix("$ ") for line in BLOCK.splitlines()]
SHARED = ".cache/gpu/my-gpu.json"


def arguments(of: str) -> list[list[str]]:
    """Of each call of a module, up to where its output goes."""
    calls = [re.search(rf"python3 -m {re.escape(of)} (.*?)(?: 2>| \||$)", line) for line in LINES]
    return [shlex.split(call[1]) for call in calls if call]


@pytest.mark.skipif(sys.platform == "win32" or not shutil.which("bash"), reason="no bash here, or only that of WSL")
def test_a_shell_understands_it() -> None:
    read = subprocess.run(["bash", "-n"], input="\n".join(LINES), capture_output=True, text=True)
    assert (len(LINES), read.returncode, read.stderr) == (6, 0, "")


def test_each_command_of_the_lab_has_these_options() -> None:
    run: dict[Callable[..., int], dict[str, Any]] = {}
    for given in arguments("snippets.lab"):
        options = vars(command._parser().parse_args(given))
        run[options.pop("run")] = options
    assert [*run] == [command._measure, command._validate]
    measure, validate = run.values()
    assert str(measure["share"]) == str(*validate["files"]) == SHARED and validate["gpu"]
    contributed.check_name(ROOT / SHARED)
    assert measure["full"] and measure["out"] == LOCAL_RESULTS and not measure["only"]
    (seconds,) = re.findall(r"timeout (\d+) ", BLOCK)
    assert 60 * float(str(measure["minutes"])) + GRACE_SECONDS + int(seconds) < 9 * 60, "the other lines take some, too"


def test_what_is_kept_is_what_the_command_writes() -> None:
    (copied,) = [shlex.split(line)[1:] for line in LINES if line.startswith("cp ")]
    assert copied == [LOCAL_RESULTS.relative_to(ROOT).as_posix(), ".cache/gpu/"]
    assert "mkdir -p .cache/gpu\n" in BLOCK


COLLECT = """
import sys

class Block:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"bs4", "markdown", "matplotlib", "mkdocs", "playwright", "psutil", "yaml"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Block())
import pytest
sys.exit(pytest.main([*sys.argv[1:], "--collect-only"]))
"""


def test_its_tests_need_nothing_but_torch_numpy_pillow_and_pytest() -> None:
    """Nor any plugin of pytest: what pyproject.toml says to one that is not there is then a warning, and no error."""
    (given,) = arguments("pytest")
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    found = subprocess.run(
        [sys.executable, "-c", COLLECT, *given], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240
    )
    assert found.returncode == 0, found.stdout + found.stderr
    assert "test_two_ranks_train_over_nccl" in found.stdout
