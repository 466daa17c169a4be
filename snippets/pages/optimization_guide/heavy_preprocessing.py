"""An item that costs CPU time: decode, crop and change a photo."""

# prints: 624 photos decoded in 20 batches
# workers: 4, …

# --8<-- [start:code]
import random
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageEnhance
from torch.utils.data import DataLoader, Dataset


class Photos(Dataset):
    def __init__(self, folder):
        suffixes = {".jpg", ".jpeg"}
        files = sorted(Path(folder).rglob("*"))
        self.paths = [p for p in files if p.suffix.lower() in suffixes]
        if not self.paths:
            raise ValueError(f"{folder}: no .jpg files in it")

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        image = self.decode(self.paths[index])  # Disk I/O, then CPU
        image = self.transform(image)  # CPU intensive
        image = self.augment(image)  # More CPU work
        return torch.from_numpy(np.array(image)).permute(2, 0, 1)

    def decode(self, path):
        try:
            with Image.open(path) as file:
                return file.convert("RGB")
        except (OSError, SyntaxError, ValueError) as error:
            raise ValueError(
                f"{path}: not a readable image ({error})"
            ) from error

    def transform(self, image):
        side = min(image.size)
        left, top = (random.randint(0, extent - side) for extent in image.size)
        box = (left, top, left + side, top + side)
        return image.resize((224, 224), Image.Resampling.BILINEAR, box)

    def augment(self, image):
        if random.random() < 0.5:
            image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        return ImageEnhance.Brightness(image).enhance(random.uniform(0.8, 1.2))


def main(folder="images/photos"):
    # Multiple workers can process different images simultaneously
    loader = DataLoader(
        Photos(folder), batch_size=32, shuffle=True, num_workers=4
    )
    decoded = sum(len(batch) for batch in loader)
    print(f"{decoded} photos decoded in {len(loader)} batches")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except ValueError as error:
        sys.exit(str(error).splitlines()[-1])
# --8<-- [end:code]
