"""A worker that has ended, and whose batch is received only then."""

# needs: open-tensors

# --8<-- [start:code]
import os
import threading
import time

import torch
from torch.utils.data import DataLoader, Dataset


class Sprites(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        if index == 8:
            threading.Timer(0.5, os._exit, [0]).start()
        return torch.zeros(3, 32, 32)


if __name__ == "__main__":
    for _ in DataLoader(Sprites(), batch_size=8, num_workers=1):
        time.sleep(1)
# --8<-- [end:code]
