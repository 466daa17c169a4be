"""The item that native code cannot take does not reach it."""

# needs: signals

# --8<-- [start:code]
import os

import torch
from torch.utils.data import DataLoader, Dataset, Subset


class Sprites(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        if index == 13:
            os.abort()
        return torch.zeros(3, 32, 32)


if __name__ == "__main__":
    sound = Subset(Sprites(), [index for index in range(32) if index != 13])
    loader = DataLoader(sound, batch_size=8, num_workers=2)
    print(f"{len(list(loader))} batches")
# --8<-- [end:code]
