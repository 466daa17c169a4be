"""How workers start where it is the same: as costs least on each system, and a fork server has imported torch."""

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest

from snippets.lab.instruments import starting
from snippets.lab.paths import ROOT

METHODS = multiprocessing.get_all_start_methods()
LATE = """
import time
from pathlib import Path

time.sleep(1)
import torch
Path(__file__).with_name("imported").touch()
"""
SCRIPT = """
import sys
from pathlib import Path
from snippets.lab.instruments import starting

def modules(names):
    import sys
    print(sys.modules.keys() & {"torch"} or "nothing", flush=True)

if __name__ == "__main__":
    import multiprocessing
    starting.cheapest = lambda: sys.argv[1]
    starting.start_cheaply("late")
    print(multiprocessing.get_start_method(), Path(__file__).with_name("imported").exists(), flush=True)
    worker = multiprocessing.Process(target=modules, args=[0])
    worker.start()
    worker.join()
"""


@pytest.mark.parametrize(
    ("platform", "methods", "method"),
    [
        ("linux", ["fork", "spawn", "forkserver"], "fork"),
        ("linux", ["forkserver", "spawn", "fork"], "fork"),
        ("darwin", ["spawn", "fork", "forkserver"], "forkserver"),
        ("win32", ["spawn"], "spawn"),
    ],
)
def test_what_costs_least_on_a_system(
    platform: str, methods: list[str], method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fabricated: two of these systems cannot be had here."""
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: methods)
    assert starting.cheapest() == method


@pytest.mark.parametrize("method", [each for each in ("forkserver", "spawn") if each in METHODS])
def test_a_fork_server_has_torch_before_anything_is_timed(method: str, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    (tmp_path / "late.py").write_text(LATE)
    command = [sys.executable, str(script), method]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    forked = method == "forkserver"
    assert ended.stdout.split() == [method, str(forked), "{'torch'}" if forked else "nothing"]
