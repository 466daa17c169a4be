"""What a snippet cannot run without: a system that lacks it says so in words of its own, and then runs nothing.

What this machine has is replaced in most of these: none has no fork, or an accelerator and none.
"""

import multiprocessing
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from snippets.lab.machine.machine import this_machine, this_software
from snippets.lab.outputs import prerequisites
from snippets.lab.outputs.prerequisites import lack

NO_MOUNT = "this system lets no user mount a small /dev/shm of their own"
NO_UNSHARE = "a small /dev/shm of its own needs Linux’s unshare"


def test_all_that_is_named_is_asked() -> None:
    code = "# needs: fork, proc\n\n# needs: numpy\n# --8<-- [start:code]\n"
    assert prerequisites.needs(code) == ["fork", "proc", "numpy"]
    assert prerequisites.needs("print()  # needs: fork\n'''\n  # needs: fork\n'''") == []


def test_the_first_that_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    assert lack("# needs: numpy, fork, forkserver") == "this system cannot fork"
    assert lack("# needs: forkserver") == "this system has no fork server"


def test_on_macos_nothing_is_forked_that_the_system_may_break(monkeypatch: pytest.MonkeyPatch) -> None:
    """As no experiment is."""
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn", "fork", "forkserver"])
    monkeypatch.setattr(sys, "platform", "darwin")
    assert lack("# needs: fork") == "on macOS a forked process may crash"
    assert lack("# needs: forkserver") == ""


def test_a_package() -> None:
    assert lack("# needs: numpy") == ""
    assert lack("# needs: no_such_package") == "no_such_package is not installed (`make others` installs it)"


@pytest.mark.parametrize("gpu", [None, "NVIDIA H200"])
def test_a_gpu(monkeypatch: pytest.MonkeyPatch, gpu: str | None) -> None:
    monkeypatch.setattr(prerequisites, "this_machine", lambda: replace(this_machine(), gpu=gpu))
    assert lack("# needs: cuda") == ("" if gpu else "torch sees no CUDA GPU here")


@pytest.mark.parametrize("sees", ["", "cuda", "mps"])
def test_no_accelerator(monkeypatch: pytest.MonkeyPatch, sees: str) -> None:
    monkeypatch.setattr(prerequisites, "accelerator", lambda: sees)
    assert lack("# needs: no-accelerator") == ("torch sees an accelerator here" if sees else "")


@pytest.fixture
def torch_called(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """`torch_called(version)`: the installed torch, had it another one."""

    def torch_called(version: str) -> None:
        monkeypatch.setattr(prerequisites, "this_software", lambda: replace(this_software(), torch=version))
        prerequisites.accelerator.cache_clear()

    yield torch_called
    prerequisites.accelerator.cache_clear()


def test_torch_itself_is_asked(torch_called: Callable[[str], None]) -> None:
    """A build for CUDA without a driver sees no GPU: what it was compiled for is no answer."""
    import torch

    torch_called("2.13.0+cu130")
    found = torch.accelerator.current_accelerator(check_available=True)
    assert prerequisites.accelerator() == (found.type if found else "")


@pytest.mark.parametrize(("version", "sees"), [("2.13.0+cpu", ""), ("2.13.0", "cuda"), ("2.13.0+cu130", "cuda")])
def test_only_a_build_for_cpus_is_not_asked(
    torch_called: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, version: str, sees: str
) -> None:
    """Of a torch that would say that it sees a GPU."""
    answer = subprocess.CompletedProcess([], 0, "cuda\n", "")
    monkeypatch.setattr(prerequisites.subprocess, "run", lambda *_, **__: answer)
    torch_called(version)
    assert prerequisites.accelerator() == sees


def test_a_limit_of_mappings(monkeypatch: pytest.MonkeyPatch) -> None:
    for limit, fits in ((65_530, True), (1_048_576, True), (2_147_483_642, False), (None, False)):
        monkeypatch.setattr(prerequisites, "_most_mappings", lambda limit=limit: limit)
        assert (lack("# needs: map-limit") == "") == fits


def test_a_system_that_gives_no_small_shm_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prerequisites, "SMALL_SHM", "exit 1")
    assert lack("# needs: small-shm") == (NO_MOUNT if shutil.which("unshare") else NO_UNSHARE)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert lack("# needs: small-shm") == NO_UNSHARE


def test_asking_imports_no_torch() -> None:
    script = (
        "import sys; from snippets.lab.outputs import prerequisites; [ask() for ask in prerequisites.KNOWN.values()]; "
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[3]).returncode == 0
