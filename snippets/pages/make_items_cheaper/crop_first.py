"""Only the crop is resized, and only what is left of it is changed."""

# prints: \(3, 112, 112\) torch\.float32

# --8<-- [start:code]
import random
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageEnhance

SIDE = 112
MEAN = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)
DEVIATION = torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)


def load(path):
    with Image.open(path) as file:
        return transform(file.convert("RGB"))


def transform(image):
    image = crop(image)
    image = ImageEnhance.Brightness(image).enhance(random.uniform(0.8, 1.2))
    pixels = torch.from_numpy(np.array(image)).permute(2, 0, 1)
    return (pixels / 255 - MEAN) / DEVIATION


def crop(image):
    side = random.uniform(0.6, 1.0) * min(image.size)
    left, top = (random.uniform(0, extent - side) for extent in image.size)
    box = (left, top, left + side, top + side)
    return image.resize((SIDE, SIDE), Image.Resampling.BILINEAR, box)


if __name__ == "__main__":
    pixels = load(next(Path("images/photos").rglob("*.jpg")))
    print(tuple(pixels.shape), pixels.dtype)
# --8<-- [end:code]
