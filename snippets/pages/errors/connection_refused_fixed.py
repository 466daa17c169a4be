"""The worker lives until its last batch has been received."""

# needs: open-tensors

# --8<-- [start:code]
import time

import torch
from torch.utils.data import DataLoader, Dataset


class Sprites(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        return torch.zeros(3, 32, 32)


if __name__ == "__main__":
    loader = DataLoader(Sprites(), batch_size=8, num_workers=1)
    for number, _ in enumerate(loader, 1):
        time.sleep(0.1)
    print(f"{number} batches")
# --8<-- [end:code]
