"""The worker keeps all that it has read, until the kernel kills it."""

# needs: signals
# starts: afresh

# --8<-- [start:code]
import os
import signal

import torch
from torch.utils.data import DataLoader, Dataset


class Cached(Dataset):
    def __init__(self):
        self.cache = {}

    def __len__(self):
        return 128

    def __getitem__(self, index):
        self.cache[index] = torch.zeros(3, 32, 32)
        if len(self.cache) > 16:
            os.kill(os.getpid(), signal.SIGKILL)
        return self.cache[index]


if __name__ == "__main__":
    loader = DataLoader(Cached(), batch_size=32, num_workers=1)
    print(f"{len(list(loader))} batches")
# --8<-- [end:code]
