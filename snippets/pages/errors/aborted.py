"""Native code that finds something wrong and aborts."""

# needs: signals

# --8<-- [start:code]
import os

import torch
from torch.utils.data import DataLoader, Dataset


class Sprites(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        if index == 13:
            os.abort()
        return torch.zeros(3, 32, 32)


if __name__ == "__main__":
    loader = DataLoader(Sprites(), batch_size=8, num_workers=2)
    print(f"{len(list(loader))} batches")
# --8<-- [end:code]
