"""`make site START_METHOD=spawn`: everything under another default, as on macOS, Windows, or a later Python."""

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest

from snippets.lab.paths import ROOT

HOOK = ROOT / "tests" / "elsewhere"
ASK = """
import multiprocessing

def method(worker):
    print(multiprocessing.get_start_method(), flush=True)

if __name__ == "__main__":
    print(multiprocessing.get_start_method(allow_none=True), flush=True)
    RUN
"""
PROCESS = "worker = multiprocessing.Process(target=method, args=[0]); worker.start(); worker.join()"
LOADER = "from torch.utils.data import DataLoader; list(DataLoader([0], num_workers=1, worker_init_fn=method))"
CHOOSES = (
    "import multiprocessing\nmultiprocessing.set_start_method('spawn')\nprint(multiprocessing.get_start_method())\n"
)


def said(folder: Path, script: str, method: str) -> list[str]:
    path = folder / "script.py"
    path.write_text(script)
    environment = {**os.environ, "PYTHONPATH": str(HOOK), "START_METHOD": method}
    ended = subprocess.run([sys.executable, str(path)], env=environment, capture_output=True, text=True, check=True)
    return ended.stdout.split()


@pytest.mark.parametrize(
    ("method", "run"),
    [*[(each, PROCESS) for each in multiprocessing.get_all_start_methods()], ("spawn", LOADER)],
)
def test_another_method_is_the_default_in_workers_too(tmp_path: Path, method: str, run: str) -> None:
    assert said(tmp_path, ASK.replace("RUN", run), method) == ["None", method]


def test_a_script_may_choose_another(tmp_path: Path) -> None:
    assert said(tmp_path, CHOOSES, "forkserver") == ["spawn"]
