"""A residual network, and how it is trained on a GPU."""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

DEVICE = "cuda"
SIDE = 224
"""Pixels along each side of an image, as the network sees it."""
WIDTHS = (64, 64, 128, 256, 512)
MEAN, DEVIATION = (124.0, 116.0, 104.0), (58.0, 57.0, 57.0)
"""Of red, green and blue, by ImageNet's habit."""


def convolution(inputs: int, outputs: int, size: int, stride: int) -> nn.Sequential:
    """Keeps height and width where `stride` is 1, and halves them where it is 2."""
    layer = nn.Conv2d(inputs, outputs, size, stride, padding=size // 2, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(outputs))


class Block(nn.Module):
    """Two convolutions; what came in is added to what comes out of them."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.through = nn.Sequential(
            convolution(inputs, outputs, 3, stride), nn.ReLU(inplace=True), convolution(outputs, outputs, 3, 1)
        )
        self.past = nn.Identity() if stride == 1 else convolution(inputs, outputs, 1, stride)

    def forward(self, images: Tensor) -> Tensor:
        return functional.relu(self.through(images) + self.past(images))


def residual_network(classes: int) -> nn.Sequential:
    """ResNet-18: (N, 3, height, width) to (N, classes)."""
    blocks: list[nn.Module] = []
    for inputs, outputs in pairwise(WIDTHS):
        blocks += [Block(inputs, outputs, 1 if inputs == outputs else 2), Block(outputs, outputs, 1)]
    return nn.Sequential(
        convolution(3, WIDTHS[0], 7, 2),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(3, 2, padding=1),
        *blocks,
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(WIDTHS[-1], classes),
    )


def augmented(images: Tensor) -> Tensor:
    """Of each image a window of SIDE pixels, anywhere, half of them mirrored, each darker or brighter by up to a fifth.

    (N, 3, height, width) of any type to (N, 3, SIDE, SIDE), float32; computed where the images are.
    """
    count, device = len(images), images.device
    across, down = SIDE / images.shape[3], SIDE / images.shape[2]  # numbers: a tensor would be sent and waited for
    windows = torch.zeros(count, 2, 3, device=device)
    windows[:, 0, 0] = torch.where(torch.rand(count, device=device) < 0.5, -across, across)
    windows[:, 1, 1].fill_(down)
    for axis, share in enumerate((across, down)):
        windows[:, axis, 2] = (1 - share) * (2 * torch.rand(count, device=device) - 1)
    grid = functional.affine_grid(windows, [count, 3, SIDE, SIDE], align_corners=False)
    brightness = 0.8 + 0.4 * torch.rand(count, 1, 1, 1, device=device)
    cut = functional.grid_sample(images.float(), grid, align_corners=False)
    return (cut * brightness).clamp_(0, 255)


class Training:
    """Teaches the network which kind a photo is of: half precision, channels last, and no step is waited for."""

    def __init__(self, classes: int) -> None:
        self.network = residual_network(classes).to(DEVICE)
        self.network.to(memory_format=torch.channels_last)  # pyrefly: ignore[no-matching-overload]: no overload names it
        # Fused: else the scaler asks the GPU in each step whether the gradients are finite. And not SGD: its fused one
        # takes over gradients that are not.
        self.optimizer = torch.optim.AdamW(self.network.parameters(), fused=True)
        self.scaler = torch.amp.GradScaler(DEVICE)
        self.mean, self.deviation = (torch.tensor(each, device=DEVICE).view(1, 3, 1, 1) for each in (MEAN, DEVIATION))

    def step(self, batch: Sequence[Tensor]) -> None:
        """`batch`: photos, uint8, (N, 3, SIDE, SIDE), or larger ones, which are then augmented here; and the number of
        the kind of each.
        """
        images, kinds = (each.to(DEVICE, non_blocking=True) for each in batch)
        pixels = images.float() if images.shape[-1] == SIDE else augmented(images)
        normalised = ((pixels - self.mean) / self.deviation).contiguous(memory_format=torch.channels_last)
        self.optimizer.zero_grad()
        with torch.autocast(DEVICE, torch.float16):
            loss = functional.cross_entropy(self.network(normalised), kinds)
        self.scaler.scale(loss).backward()
        self.scaler.step(self.optimizer)
        self.scaler.update()
