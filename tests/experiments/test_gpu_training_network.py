"""The residual network of gpu-training, how it learns, and how photos are augmented on the device.

It runs here on the CPU, on small images. What it does not prove: that a GPU answers like that, or that the scaler asks
it nothing.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from snippets.experiments.gpu_training import network


def test_it_is_a_resnet_18() -> None:
    """As many weights as https://arxiv.org/abs/1512.03385 gives it, which for 1000 classes are 11,689,512."""
    assert sum(weights.numel() for weights in network.residual_network(1000).parameters()) == 11_689_512
    logits = network.residual_network(6)(torch.zeros(2, 3, 64, 64))
    assert logits.shape == (2, 6)


def test_a_block_adds_what_came_in() -> None:
    images = torch.rand(2, 64, 8, 8)
    block = network.Block(64, 64, 1)
    for weights in block.through.parameters():
        torch.nn.init.zeros_(weights)
    assert torch.equal(block(images), images)
    assert network.Block(64, 128, 2)(images).shape == (2, 128, 4, 4)


@pytest.fixture
def on_cpu(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """In one thread: where threads have so little to do, they wait for each other."""
    monkeypatch.setattr(network, "DEVICE", "cpu")
    monkeypatch.setattr(network, "SIDE", 32)
    monkeypatch.setattr(network, "WIDTHS", (8, 8, 16))
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def test_a_step_trains_and_another_one_goes_on(on_cpu: None) -> None:
    """Two kinds, one dark and one bright, are told apart after a few steps."""
    torch.manual_seed(0)
    training = network.Training(2)
    kinds = torch.tensor([0, 1] * 8)
    images = (200 * kinds).to(torch.uint8).view(-1, 1, 1, 1).expand(-1, 3, 32, 32)
    seen: list[torch.Tensor] = []
    training.network.register_forward_pre_hook(lambda model, given: seen.append(given[0]))
    for _ in range(20):
        training.step((images, kinds))
    with torch.no_grad():
        assert torch.equal(training.network(seen[0]).argmax(1), kinds)
    assert seen[0].is_contiguous(memory_format=torch.channels_last)
    assert seen[0][0, :, 0, 0].tolist() == pytest.approx(
        [-mean / deviation for mean, deviation in zip(network.MEAN, network.DEVIATION, strict=True)]
    )


def test_the_optimizer_is_one_that_the_scaler_need_not_ask_for(on_cpu: None) -> None:
    """Of any other, torch's scaler reads from the GPU in each step whether its gradients are finite."""
    assert network.Training(2).optimizer._step_supports_amp_scaling


@pytest.fixture
def unset_memory_is_no_number() -> Iterator[None]:
    before = torch.are_deterministic_algorithms_enabled()
    torch.use_deterministic_algorithms(True)
    yield
    torch.use_deterministic_algorithms(before)


def test_a_step_whose_gradients_are_too_large_changes_nothing(on_cpu: None, unset_memory_is_no_number: None) -> None:
    """And the next one trains: the first ones on a GPU are such steps, until the scaler has found its scale. After such
    a step a fused SGD of torch 2.13 takes memory that nobody has set for its momentum.
    """
    training = network.Training(2)
    training.scaler = torch.amp.GradScaler("cpu", init_scale=2.0**40)
    before = [weights.detach().clone() for weights in training.network.parameters()]
    batch = (torch.randint(0, 256, (8, 3, 32, 32), dtype=torch.uint8), torch.tensor([0, 1] * 4))

    def moved() -> list[bool]:
        weights = [*training.network.parameters()]
        assert all(bool(each.isfinite().all()) for each in weights)
        return [not torch.equal(was, now) for was, now in zip(before, weights, strict=True)]

    training.step(batch)
    assert not any(moved())
    training.scaler = torch.amp.GradScaler("cpu", init_scale=2.0**8)
    training.step(batch)
    assert all(moved())


def test_larger_photos_are_augmented_and_others_are_not(on_cpu: None, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []
    monkeypatch.setattr(network, "augmented", lambda images: given.append(images.shape[-1]) or images[..., :32, :32])
    training = network.Training(2)
    for side in (32, 40):
        training.step((torch.zeros(2, 3, side, side, dtype=torch.uint8), torch.zeros(2, dtype=torch.int64)))
    assert given == [40]


def test_what_the_gpu_augments_is_a_window_mirrored_or_not_and_brighter_or_darker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of a slope from left to right and from top to bottom, whose values tell where a pixel came from."""
    monkeypatch.setattr(network, "SIDE", 32)
    across = torch.arange(40.0).expand(40, 40)
    images = torch.stack([across, across.T, torch.full((40, 40), 100.0)]).expand(64, 3, 40, 40).to(torch.uint8)
    found = network.augmented(images)
    assert found.shape == (64, 3, 32, 32) and found.dtype == torch.float32
    brightness = found[:, 2].mean((1, 2)) / 100
    assert 0.8 <= brightness.min() < 0.9 < 1.1 < brightness.max() <= 1.2
    windows = found / brightness.view(-1, 1, 1, 1)
    columns, rows = windows[:, 0, 0], windows[:, 1, :, 0]
    steps = columns.diff(dim=1)
    assert torch.allclose(steps.abs(), torch.ones_like(steps), atol=1e-3), "a window has the scale of the photo"
    mirrored = steps[:, 0] < 0
    assert 10 < int(mirrored.sum()) < 54
    assert torch.allclose(rows.diff(dim=1), torch.ones(64, 31), atol=1e-3), "nothing stands on its head"
    for starts in (columns.min(1).values, rows.min(1).values):
        assert -0.01 <= starts.min() < 3 and 5 < starts.max() <= 8.01, "windows lie anywhere, and inside"


def test_what_is_augmented_is_never_brighter_than_white() -> None:
    images = torch.full((16, 3, 256, 256), 255, dtype=torch.uint8)
    assert network.augmented(images).max() == 255


class FromTheHost(TorchDispatchMode):
    """Counts the tensors that are made of numbers in Python: on a GPU, each is copied there, and waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.count += func is torch.ops.aten.lift_fresh.default
        return func(*args, **(kwargs or {}))


def test_nothing_is_sent_to_the_gpu_to_augment_with() -> None:
    """Each step would wait for it, and for all steps before it. test_gpu.py asks a GPU about the whole step."""
    images = torch.zeros(2, 3, 256, 256, dtype=torch.uint8)
    with FromTheHost() as sent:
        torch.tensor([1.0])
        assert sent.count == 1
        network.augmented(images)
    assert sent.count == 1
