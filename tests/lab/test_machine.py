"""How many cores a process may use: its affinity, cut by the tightest CFS quota of its cgroups."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from snippets.lab import machine
from snippets.lab.machine import this_machine
from snippets.lab.paths import ROOT


def quota(root: Path, group: str | None = "0::/", **files: str) -> float | None:
    """The quota under a made /sys/fs/cgroup; `cpu.max` of the group a/b is the file `a/b/cpu.max`."""
    for name, text in files.items():
        path = root / "cgroup" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    own = root / "own"
    if group is not None:
        own.write_text(f"12:memory:/x\n{group}\n")
    return machine._cgroup_quota(machine.cgroup_folders(root / "cgroup", own))


def test_no_quota(tmp_path: Path) -> None:
    assert quota(tmp_path) is None
    assert quota(tmp_path, None) is None
    assert quota(tmp_path, **{"cpu.max": "max 100000\n"}) is None


@pytest.mark.parametrize(
    ("upper", "lower", "cores"),
    [
        ("max 100000", "150000 100000", 1.5),
        ("150000 100000", "max 100000", 1.5),
        ("400000 100000", "50000 100000", 0.5),
        ("50000 100000", "400000 100000", 0.5),
        ("max 100000", "20000 10000", 2.0),
    ],
)
def test_the_tightest_of_nested_groups_of_version_2(tmp_path: Path, upper: str, lower: str, cores: float) -> None:
    files = {"cpu.max": "max 100000", "pod/cpu.max": upper, "pod/box/cpu.max": lower, "other/cpu.max": "1 100000"}
    assert quota(tmp_path, "0::/pod/box", **files) == cores


def test_version_1(tmp_path: Path) -> None:
    files = {"cpu/cpu.cfs_quota_us": "250000\n", "cpu/cpu.cfs_period_us": "100000\n"}
    assert quota(tmp_path, "4:cpu,cpuacct:/", **files) == 2.5
    assert quota(tmp_path, "4:cpu,cpuacct:/", **{**files, "cpu/cpu.cfs_quota_us": "-1\n"}) is None


@pytest.mark.parametrize("text", ["", "max", "lots 100000", "100000 often", "100000 0", "1 2 3", "\n"])
def test_what_cannot_be_read_limits_nothing(tmp_path: Path, text: str) -> None:
    v1 = {"cpu/cpu.cfs_quota_us": text, "cpu/cpu.cfs_period_us": text}
    assert quota(tmp_path, **{"cpu.max": text, **v1}) is None
    assert quota(tmp_path, **{"cpu/cpu.cfs_quota_us": "100000", "cpu/cpu.cfs_period_us": "0"}) is None


def test_cores_usable() -> None:
    made = replace(this_machine(), cores=64, affinity=8, quota=None)
    assert made.cores_usable == 8
    assert replace(made, quota=1.5).cores_usable == 1.5
    assert replace(made, quota=16.0).cores_usable == 8


def test_this_machine() -> None:
    here = this_machine()
    assert 0 < here.cores_usable <= here.cores
    assert here.ram > 0 and here.cpu and here.system


def test_a_gpu_tool_that_fails_means_no_gpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "nvidia-smi"
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    for script, answer in (
        ("echo 'NVIDIA H200, 570.1'", ("NVIDIA H200", "570.1")),
        ("exit 9", (None, None)),
        ("true", (None, None)),
    ):
        tool.write_text(f"#!/bin/sh\n{script}\n")
        tool.chmod(0o755)
        assert machine._gpu() == answer


def test_asking_does_not_import_torch() -> None:
    script = "import sys; from snippets.lab.machine import *; this_machine(); print(this_software().torch)"
    script += "; sys.exit('torch' in sys.modules or 'numpy' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 0
    assert ended.stdout.strip() != "none"
