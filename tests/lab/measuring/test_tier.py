"""Whether a result is one of a machine with a GPU follows from what torch can use, and is asked once per run.

There is no GPU here: what nvidia-smi says is played by a script, and what torch says is put into a copy of the package.
"""

import os
import sys
from pathlib import Path

import pytest

from tests.lab.house import FINE, House

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="nvidia-smi is played by a script of sh")

ASKED = "    return None if missing() else torch.cuda.get_device_name(0)\n"
SAYS = """#!/bin/sh
echo "$@" >> calls
echo 580.1
"""


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    house = House(tmp_path, one=FINE, two=FINE)
    smi = tmp_path / "bin" / "nvidia-smi"
    smi.parent.mkdir()
    smi.write_text(SAYS)
    smi.chmod(0o755)
    monkeypatch.setenv("PATH", f"{smi.parent}{os.pathsep}{os.environ['PATH']}")
    return house


def calls(house: House) -> int:
    return len((house.root / "calls").read_text().splitlines()) if (house.root / "calls").exists() else 0


def test_a_gpu_that_torch_cannot_use_is_none(house: House) -> None:
    assert house.measure().returncode == 0
    held = house.results()
    assert (held.tier, held.machine.gpu, held.machine.driver) == ("cpu", None, None)


def test_a_gpu_that_torch_can_use_is_asked_for_once(house: House) -> None:
    """By the parent, not by each of the processes that measure: a driver may take seconds to answer."""
    house.edit("snippets/lab/instruments/cuda.py", ASKED, '    return "NVIDIA H100"\n')
    shared = house.root / "gpu.json"
    assert house.measure("--share", str(shared)).returncode == 0
    held = house.results()
    assert (held.tier, held.machine.gpu, held.machine.driver) == ("gpu", "NVIDIA H100", "580.1")
    assert calls(house) == 1
    assert '"tier": "gpu"' in shared.read_text()
    assert house.measure().stdout.startswith("Nothing to measure")


def test_a_container_without_nvidia_smi_has_its_gpu_all_the_same(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    (house.root / "bin" / "nvidia-smi").unlink()
    house.edit("snippets/lab/instruments/cuda.py", ASKED, '    return "NVIDIA H100"\n')
    house.edit("snippets/lab/machine/machine.py", '"nvidiactl", ', '"null", ')
    assert house.measure().returncode == 0
    held = house.results()
    assert (held.tier, held.machine.gpu, held.machine.driver) == ("gpu", "NVIDIA H100", None)
