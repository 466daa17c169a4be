"""Real sprites: PNG files in class folders, on a transparent background."""

# prints: two helpers fetched 2048 sprites
# workers: 2, …

# --8<-- [start:code]
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset


class Sprites(Dataset):
    def __init__(self, folder):
        self.paths = sorted(Path(folder).rglob("*.png"))
        if not self.paths:
            raise ValueError(f"{folder}: no .png files in it")

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        path = self.paths[index]
        try:
            with Image.open(path) as file:
                sprite = file.convert("RGBA").resize((64, 64))
        except (OSError, SyntaxError, ValueError) as error:
            raise ValueError(
                f"{path}: not a readable image ({error})"
            ) from error
        return torch.from_numpy(np.array(sprite)).permute(2, 0, 1)


def main(folder="images/sprites"):
    loader = DataLoader(
        Sprites(folder), batch_size=64, shuffle=True, num_workers=2
    )
    fetched = sum(len(sprites) for sprites in loader)
    print(f"two helpers fetched {fetched} sprites")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except ValueError as error:
        sys.exit(str(error).splitlines()[-1])
# --8<-- [end:code]
