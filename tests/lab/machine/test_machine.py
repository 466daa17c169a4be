"""How many cores a process may use: its affinity, cut by the tightest CFS quota of its cgroups."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from snippets.lab.instruments import cuda
from snippets.lab.machine import machine
from snippets.lab.machine.machine import this_machine
from snippets.lab.paths import ROOT

NESTED = "0::/pod/box"


def nested(upper: str, lower: str) -> dict[str, str]:
    return {"cpu.max": "max 100000", "pod/cpu.max": upper, "pod/box/cpu.max": lower, "other/cpu.max": "1 100000"}


def version_1(quota: str, period: str) -> dict[str, str]:
    return {"cpu/cpu.cfs_quota_us": quota, "cpu/cpu.cfs_period_us": period}


UNREADABLE = ("", "max", "lots 100000", "100000 often", "100000 0", "1 2 3", "\n")


@pytest.mark.parametrize(
    ("group", "files", "cores"),
    [
        ("0::/", {}, None),
        (None, {}, None),
        ("0::/", {"cpu.max": "max 100000\n"}, None),
        (NESTED, nested("max 100000", "150000 100000"), 1.5),
        (NESTED, nested("150000 100000", "max 100000"), 1.5),
        (NESTED, nested("400000 100000", "50000 100000"), 0.5),
        (NESTED, nested("50000 100000", "400000 100000"), 0.5),
        (NESTED, nested("max 100000", "20000 10000"), 2.0),
        ("4:cpu,cpuacct:/", version_1("250000\n", "100000\n"), 2.5),
        ("4:cpu,cpuacct:/", version_1("-1\n", "100000\n"), None),
        *[("0::/", {"cpu.max": text, **version_1(text, text)}, None) for text in UNREADABLE],
        ("0::/", version_1("100000", "0"), None),
    ],
)
def test_the_quota_is_the_tightest_of_all_groups(
    tmp_path: Path, group: str | None, files: dict[str, str], cores: float | None
) -> None:
    """Under a made /sys/fs/cgroup, where what cannot be read limits nothing."""
    for name, text in files.items():
        path = tmp_path / "cgroup" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    own = tmp_path / "own"
    if group is not None:
        own.write_text(f"12:memory:/x\n{group}\n")
    assert machine._cgroup_quota(machine.cgroup_folders(tmp_path / "cgroup", own)) == cores


def test_cores_usable() -> None:
    made = replace(this_machine(), cores=64, affinity=8, quota=None)
    assert made.cores_usable == 8
    assert replace(made, quota=1.5).cores_usable == 1.5
    assert replace(made, quota=16.0).cores_usable == 8


def test_this_machine() -> None:
    here = this_machine()
    assert 0 < here.cores_usable <= here.cores
    assert here.cpu and here.system
    assert here.ram > 0 or sys.platform == "win32", "what a system does not say is 0"


# How a processor is named, on systems that are played here: as their commands answer.


@pytest.mark.skipif(sys.platform == "win32", reason="the commands that are played here are scripts of sh")
@pytest.mark.parametrize(
    ("system", "command", "answer", "expected"),
    [
        ("darwin", "sysctl", "Apple M3 Max", "Apple M3 Max"),
        ("win32", "reg", "\n    ProcessorNameString    REG_SZ    AMD EPYC 7763 64-Core  ", "AMD EPYC 7763 64-Core"),
        ("darwin", "sysctl", "", "a family"),
        ("win32", "reg", "ERROR: The system was unable to find the registry key", "a family"),
    ],
)
def test_a_processor_has_its_full_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str, command: str, answer: str, expected: str
) -> None:
    """Not its family, by which all Macs are alike."""
    played = tmp_path / command
    played.write_text(f"#!/bin/sh\ncat <<'END'\n{answer}\nEND\n")
    played.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(machine.sys, "platform", system)
    monkeypatch.setattr(machine.platform, "processor", lambda: "a  family")
    assert machine._cpu_model() == expected


# Which GPU there is: the one that torch can use. There is none here, so what torch and the driver say is made up.


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of commands: a machine that has no others, with a Python of its own for each test to replace."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(machine.GPU, raising=False)
    monkeypatch.setattr(machine.sys, "executable", str(tmp_path / "python"))
    return tmp_path


def tool(folder: Path, name: str, script: str) -> None:
    """A command that notes that it was called, and with what."""
    path = folder / name
    path.write_text(f'#!/bin/sh\necho {name} "$@" >> "{folder}/calls"\n{script}\n')
    path.chmod(0o755)


SMI, TORCH = "echo 580.1", "echo NVIDIA H100 80GB HBM3"
SEEN = "NVIDIA H100 80GB HBM3"
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="the commands that are played here are scripts of sh")


@posix_only
@pytest.mark.parametrize(
    ("smi", "device", "torch", "answer"),
    [
        (SMI, True, TORCH, (SEEN, "580.1")),
        (None, True, TORCH, (SEEN, None)),
        ("exit 9", True, TORCH, (SEEN, None)),
        (SMI, True, "echo", (None, None)),
        (SMI, True, "exit 1", (None, None)),
        (SMI, False, TORCH, (SEEN, "580.1")),
        (None, False, TORCH, (None, None)),
    ],
    ids=[
        "both",
        "a container without nvidia-smi",
        "an nvidia-smi that fails",
        "a torch for CPUs, or an old driver, or CUDA_VISIBLE_DEVICES=",
        "no torch",
        "a driver that puts nothing into /dev",
        "nothing that hints at a GPU",
    ],
)
def test_the_gpu_is_the_one_that_torch_can_use(
    tools: Path, smi: str | None, device: bool, torch: str, answer: tuple[str | None, str | None]
) -> None:
    if smi:
        tool(tools, "nvidia-smi", smi)
    tool(tools, "python", torch)
    devices = tools / "dev"
    devices.mkdir()
    if device:
        (devices / "nvidia0").touch()
    assert machine._gpu(devices) == answer
    asked = (tools / "calls").read_text().splitlines() if (tools / "calls").exists() else []
    assert ("python -m snippets.lab.instruments.cuda" in asked) == bool(smi or device), "importing torch takes seconds"


@posix_only
def test_what_another_process_found_out_is_not_asked_again(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool(tools, "nvidia-smi", SMI)
    tool(tools, "python", TORCH)
    for told in (("NVIDIA H200", "570.1"), (None, None)):
        monkeypatch.setattr(
            machine, "this_machine", lambda told=told: replace(this_machine(), gpu=told[0], driver=told[1])
        )
        for name, text in machine.handed_down().items():
            monkeypatch.setenv(name, text)
        assert machine._gpu() == told
    assert not (tools / "calls").exists()


def test_without_a_gpu_torch_names_none() -> None:
    command = [sys.executable, "-m", "snippets.lab.instruments.cuda"]
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": ""}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout) == (0, "\n")


@pytest.mark.parametrize(
    ("capability", "built_for", "can"),
    [
        ((9, 0), ["sm_80", "sm_90", "sm_100", "compute_120"], True),
        ((7, 0), ["sm_80", "sm_90", "sm_100", "compute_120"], False),
        ((8, 9), ["sm_80", "sm_90"], True),
        ((8, 0), ["sm_86", "sm_90"], False),
        ((12, 1), ["sm_90", "compute_90"], True),
        ((12, 1), ["sm_90", "sm_90a"], False),
        ((9, 0), ["gfx90a"], True),
    ],
)
def test_a_gpu_for_which_this_torch_has_no_code(
    monkeypatch: pytest.MonkeyPatch, capability: tuple[int, int], built_for: list[str], can: bool
) -> None:
    """It is there, and fails at its first kernel. What torch says of it is made up here."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda: capability)
    monkeypatch.setattr(torch.cuda, "get_arch_list", lambda: built_for)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda number: SEEN)
    assert cuda.name() == (SEEN if can else None)
    major, minor = capability
    assert cuda.missing() == (
        None if can else f"this torch has no code for a GPU of compute capability {major}.{minor}"
    )


def test_asking_does_not_import_torch() -> None:
    script = "import sys; from snippets.lab.machine.machine import *; this_machine(); print(this_software().torch)"
    script += "; sys.exit('torch' in sys.modules or 'numpy' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 0
    assert ended.stdout.strip() != "none"
