"""Workers start anew in each epoch, and the first batch waits for them."""

# runs: in pairs

# --8<-- [start:code]
import time

import torch
from torch.utils.data import DataLoader, Dataset


class Numbers(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        return torch.tensor(index)


if __name__ == "__main__":
    loader = DataLoader(
        Numbers(), batch_size=8, num_workers=1, multiprocessing_context="spawn"
    )
    for epoch in range(2):
        before = time.perf_counter()
        batches = iter(loader)
        next(batches)
        wait = (time.perf_counter() - before) * 1000
        print(f"epoch {epoch}: first batch after {wait:.0f} ms")
# --8<-- [end:code]
