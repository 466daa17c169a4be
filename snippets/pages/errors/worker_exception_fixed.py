"""The length is that of the list."""

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset


class Sprites(Dataset):
    def __init__(self):
        self.sprites = [torch.zeros(3, 32, 32) for _ in range(31)]

    def __len__(self):
        return len(self.sprites)

    def __getitem__(self, index):
        return self.sprites[index]


if __name__ == "__main__":
    loader = DataLoader(Sprites(), batch_size=8, num_workers=2)
    print(f"batches of {[len(batch) for batch in loader]}")
# --8<-- [end:code]
