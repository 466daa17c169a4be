"""A GPU that torch can use is asked for once per run, and its result is one of a machine with a GPU: it tells of that
GPU, and has what snippets print that need one.

There is no GPU here: what nvidia-smi says is played by a script, and what torch says is put into a copy of the package.
Which GPU there is, if any: tests/lab/machine/test_machine.py.
"""

import os
import sys
from pathlib import Path

import pytest

from snippets.lab.machine.gpu_properties import GpuProperties
from snippets.lab.results.contributed import read
from tests.lab.house import FINE, House

ASKED = "    return None if missing() else torch.cuda.get_device_name(0)\n"
SAYS = """#!/bin/sh
echo "$@" >> calls
case "$1" in
--id=GPU-0123) echo "5, 16, Default, 700.00" ;;
*) echo 580.1 ;;
esac
"""
DEVICE = """
    print(json.dumps({"uuid": "0123", "cuda": "13.0", "count": 1, "capability": "9.0", "memory": 85017755648}))
"""
ON_A_GPU = "# needs: cuda\nprint('computed on cuda')\n"


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
    printed = "    print(json.dumps(None if missing() else properties()))\n"
    house.edit("snippets/lab/instruments/cuda_properties.py", printed, DEVICE)
    shows(house, fine=ON_A_GPU, tells=ON_A_GPU.replace("computed", "/home/bob/x.py computed"), fails=ON_A_GPU + "1 / 0")
    shared = tmp_path / "gpu.json"
    ended = house.measure("--share", str(shared))
    assert ended.returncode == 0, ended.stderr
    held = house.results()
    assert (held.tier, held.machine.gpu, held.machine.driver) == ("gpu", "NVIDIA H100", "580.1")
    assert held.gpu_properties == GpuProperties("13.0", 1, "9.0", 85017755648, "5 x16", "Default", 700.0)
    assert len((tmp_path / "calls").read_text().splitlines()) == 2, "its driver, and the rest"
    told = read(shared)
    assert (told.tier, told.gpu_properties) == ("gpu", held.gpu_properties)
    assert {name: output.text for name, output in told.outputs.items()} == {"shown/fine": "computed on cuda"}
    assert "Left out: snippets/pages/shown/fails.py failed, and a page shows what it prints." in ended.stdout
    assert "Left out: what snippets/pages/shown/tells.py printed names a folder or an address: /home/" in ended.stdout


def shows(house: House, **snippets: str) -> None:
    """A page that shows what these print."""
    (house.root / "docs").mkdir()
    page = "".join(f"![What it prints](output:shown/{name})\n\n" for name in snippets)
    (house.root / "docs" / "page.md").write_text(page)
    folder = house.root / "snippets" / "pages" / "shown"
    folder.mkdir()
    for name, code in snippets.items():
        (folder / f"{name}.py").write_text(code)
