"""Items stay bytes; the device brightens and normalises a batch at a time."""

# prints: from the loader: torch\.uint8, 0\.3 MB
# prints: for the model: torch\.float32, 1\.2 MB
# workers: 0

# --8<-- [start:code]
import random
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset

SIDE = 112
MEAN = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)
DEVIATION = torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)


class Photos(Dataset):
    def __init__(self, folder):
        self.paths = sorted(Path(folder).rglob("*.jpg"))

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        with Image.open(self.paths[index]) as file:
            file.draft("RGB", (187, 187))
            return crop(file.convert("RGB"))


def crop(image):
    side = random.uniform(0.6, 1.0) * min(image.size)
    left, top = (random.uniform(0, extent - side) for extent in image.size)
    box = (left, top, left + side, top + side)
    image = image.resize((SIDE, SIDE), Image.Resampling.BILINEAR, box)
    return torch.from_numpy(np.array(image)).permute(2, 0, 1)


def prepare(batch):
    brightness = torch.empty(len(batch), 1, 1, 1, device=batch.device)
    pixels = batch / 255 * brightness.uniform_(0.8, 1.2)
    mean, deviation = MEAN.to(batch.device), DEVIATION.to(batch.device)
    return (pixels.clamp_(max=1) - mean) / deviation


if __name__ == "__main__":
    accelerator = torch.accelerator.current_accelerator(check_available=True)
    batch = next(iter(DataLoader(Photos("images/photos"), batch_size=8)))
    print(f"from the loader: {batch.dtype}, {batch.nbytes / 1e6:.1f} MB")
    batch = prepare(batch.to(accelerator or "cpu"))
    print(f"for the model: {batch.dtype}, {batch.nbytes / 1e6:.1f} MB")
# --8<-- [end:code]
