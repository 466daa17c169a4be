"""`make site START_METHOD=spawn`: everything under another default, as on macOS, Windows, or a later Python."""

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest

from snippets.lab.paths import ROOT

HOOK = ROOT / "tests" / "start_method"
ASK = """
import torch.multiprocessing
from torch.utils.data import DataLoader

def method(worker):
    print(torch.multiprocessing.get_start_method(), flush=True)

if __name__ == "__main__":
    print(torch.multiprocessing.get_start_method(allow_none=True), flush=True)
    list(DataLoader(range(1), num_workers=1, worker_init_fn=method))
"""
CHOOSES = (
    "import multiprocessing\nmultiprocessing.set_start_method('spawn')\nprint(multiprocessing.get_start_method())\n"
)


def said(path: str, method: str) -> list[str]:
    environment = {**os.environ, "PYTHONPATH": str(HOOK), "START_METHOD": method}
    ended = subprocess.run([sys.executable, path], env=environment, capture_output=True, text=True, check=True)
    return ended.stdout.split()


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_another_method_is_the_default_in_workers_too(tmp_path: Path, method: str) -> None:
    script = tmp_path / "ask.py"
    script.write_text(ASK)
    assert said(str(script), method) == ["None", method]


def test_a_script_may_choose_another(tmp_path: Path) -> None:
    script = tmp_path / "chooses.py"
    script.write_text(CHOOSES)
    assert said(str(script), "forkserver") == ["spawn"]
