"""Which GPUs stand behind a bus, by what torch says of them."""

from types import SimpleNamespace

import pytest
import torch

from snippets.lab.instruments.gpu_bus import across_a_bus


@pytest.mark.parametrize(
    ("name", "is_integrated", "expected"),
    [
        ("Tesla T4", 0, True),
        ("NVIDIA A100-SXM4-80GB", 0, True),
        ("NVIDIA H100 80GB HBM3", 0, True),
        ("NVIDIA GeForce GTX 1080", 0, True),
        ("NVIDIA GH200 480GB", 0, False),
        ("NVIDIA GB200", 0, False),
        ("Orin", 1, False),
    ],
)
def test_a_gpu_at_the_host_s_own_memory_has_no_bus(
    monkeypatch: pytest.MonkeyPatch, name: str, is_integrated: int, expected: bool
) -> None:
    found = SimpleNamespace(name=name, is_integrated=is_integrated)
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda device: found)
    assert across_a_bus() == expected
