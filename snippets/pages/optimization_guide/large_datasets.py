"""Images in class folders: a small stand-in for torchvision's ImageFolder."""

# prints: 624 images of 6 classes
# workers: 4, …

# --8<-- [start:code]
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}


class ImageFolder(Dataset):
    """root/class/image.jpg -> (uint8 (3, 224, 224), index of the class)"""

    def __init__(self, root):
        self.paths = sorted(
            p for p in Path(root).glob("*/*") if p.suffix.lower() in SUFFIXES
        )
        if not self.paths:
            raise ValueError(
                f"{root}: no images in class folders, such as {root}/cat/1.jpg"
            )
        self.classes = sorted({path.parent.name for path in self.paths})

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        path = self.paths[index]
        try:
            with Image.open(path) as file:
                image = file.convert("RGB").resize((224, 224))
        except (OSError, SyntaxError, ValueError) as error:
            raise ValueError(
                f"{path}: not a readable image ({error})"
            ) from error
        pixels = torch.from_numpy(np.array(image)).permute(2, 0, 1)
        return pixels, self.classes.index(path.parent.name)


def main(root="images/photos"):
    dataset = ImageFolder(root)
    # Reading from disk is slow; workers can prefetch while GPU computes,
    # which is critical for performance where the step would wait
    loader = DataLoader(dataset, batch_size=64, shuffle=True, num_workers=4)
    seen = sum(len(labels) for images, labels in loader)
    print(f"{seen} images of {len(dataset.classes)} classes")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except ValueError as error:
        sys.exit(str(error).splitlines()[-1])
# --8<-- [end:code]
