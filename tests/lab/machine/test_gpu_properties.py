"""What a result file tells of the GPU: as torch sees it, and as the driver's own tool tells of that very one.

There is none here, so what both say is made up. What it does not prove: that nvidia-smi knows these words.
"""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from snippets.lab.instruments import cuda_properties
from snippets.lab.machine import machine
from snippets.lab.machine.gpu_properties import GpuProperties, gpu_properties
from snippets.lab.paths import ROOT

UUID = "9c4e3f0a-5b1d-4f6e-8a2b-0123456789ab"
BY_TORCH = {"uuid": UUID, "cuda": "13.0", "count": 8, "capability": "9.0", "memory": 85_017_755_648}
KNOWS = f"""#!/bin/sh
echo "$@" >> "$0.calls"
[ "$1" = --id=GPU-{UUID} ] && echo "ANSWER"
"""
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="the commands that are played here are scripts of sh")


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of commands: a machine that has no others, with a Python of its own."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(machine.sys, "executable", str(tmp_path / "python"))
    gpu_properties.cache_clear()
    return tmp_path


def play(path: Path, script: str) -> None:
    path.write_text(script, encoding="utf-8")
    path.chmod(0o755)


def torch_says(tools: Path, said: object) -> None:
    play(tools / "python", f"#!/bin/sh\necho 'A warning.'\necho '{json.dumps(said)}'\n")


@posix_only
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("5, 16, Default, 700.00", ("5 x16", "Default", 700.0)),
        ("4, 8, Exclusive_Process, 72.5", ("4 x8", "Exclusive_Process", 72.5)),
        ("[N/A], [N/A], Default, [N/A]", (None, "Default", None)),
        ("5, 16, [Insufficient Permissions], 70.00", ("5 x16", None, 70.0)),
        ("5, 16, <b>, -1", ("5 x16", None, None)),
        ("No devices were found", (None, None, None)),
        ("", (None, None, None)),
        (None, (None, None, None)),
    ],
)
def test_the_driver_is_asked_of_the_gpu_that_torch_uses(
    tools: Path, answer: str | None, expected: tuple[str | None, str | None, float | None]
) -> None:
    """By its UUID: the first one of nvidia-smi may be another one. What it does not say, as of a slice of a GPU, or in
    a container without it, is not known.
    """
    torch_says(tools, BY_TORCH)
    if answer is not None:
        play(tools / "nvidia-smi", KNOWS.replace("ANSWER", answer))
    assert gpu_properties() == GpuProperties("13.0", 8, "9.0", 85_017_755_648, *expected)


@posix_only
@pytest.mark.parametrize("script", ["#!/bin/sh\necho null\n", "#!/bin/sh\nexit 1\n"])
def test_where_torch_can_use_none_the_driver_is_not_asked(tools: Path, script: str) -> None:
    play(tools / "python", script)
    play(tools / "nvidia-smi", KNOWS)
    assert gpu_properties() is None
    assert not (tools / "nvidia-smi.calls").exists()


def test_what_torch_says(monkeypatch: pytest.MonkeyPatch) -> None:
    device = SimpleNamespace(uuid=UUID, major=9, minor=0, total_memory=85_017_755_648)
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda number: {0: device}[number])
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 8)
    monkeypatch.setattr(torch.version, "cuda", "13.0")
    assert cuda_properties.properties() == BY_TORCH


def test_without_a_gpu_torch_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    command = [sys.executable, "-m", "snippets.lab.instruments.cuda_properties"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout) == (0, "null\n")
