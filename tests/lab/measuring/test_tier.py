"""A GPU that torch can use is asked for once per run, and its result is one of a machine with a GPU.

There is no GPU here: what nvidia-smi says is played by a script, and what torch says is put into a copy of the package.
Which GPU there is, if any: tests/lab/machine/test_machine.py.
"""

import os
import sys
from pathlib import Path

import pytest

from tests.lab.house import FINE, House

ASKED = "    return None if missing() else torch.cuda.get_device_name(0)\n"
SAYS = """#!/bin/sh
echo "$@" >> calls
echo 580.1
"""


@pytest.mark.skipif(sys.platform == "win32", reason="nvidia-smi is played by a script of sh")
def test_a_gpu_that_torch_can_use_is_asked_for_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the parent, not by each of the processes that measure: a driver may take seconds to answer."""
    house = House(tmp_path, one=FINE, two=FINE)
    smi = tmp_path / "bin" / "nvidia-smi"
    smi.parent.mkdir()
    smi.write_text(SAYS)
    smi.chmod(0o755)
    monkeypatch.setenv("PATH", f"{smi.parent}{os.pathsep}{os.environ['PATH']}")
    house.edit("snippets/lab/instruments/cuda.py", ASKED, '    return "NVIDIA H100"\n')
    shared = tmp_path / "gpu.json"
    assert house.measure("--share", str(shared)).returncode == 0
    held = house.results()
    assert (held.tier, held.machine.gpu, held.machine.driver) == ("gpu", "NVIDIA H100", "580.1")
    assert len((tmp_path / "calls").read_text().splitlines()) == 1
    assert '"tier": "gpu"' in shared.read_text()
