"""Sprites that a notebook can hand to workers: they live in a module."""

# prints: 64 sprites; .+

# --8<-- [start:code]
import torch
from torch.utils.data import Dataset


class ImportableSprites(Dataset):
    def __len__(self):
        return 64

    def __getitem__(self, index):
        return torch.full((3, 32, 32), index, dtype=torch.uint8)


# --8<-- [end:code]


if __name__ == "__main__":
    print(
        f"{len(ImportableSprites())} sprites; import this class in a notebook"
    )
