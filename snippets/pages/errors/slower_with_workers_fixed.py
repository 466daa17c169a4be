"""A worker that is kept starts once, in the first epoch."""

# runs: in pairs

# --8<-- [start:code]
import time

import torch
from torch.utils.data import DataLoader, TensorDataset


def seconds(loader):
    before = time.perf_counter()
    for _ in loader:
        pass
    return time.perf_counter() - before


if __name__ == "__main__":
    data = TensorDataset(torch.randn(2000, 8))
    alone = DataLoader(data, batch_size=64)
    loader = DataLoader(
        data,
        batch_size=64,
        num_workers=1,
        persistent_workers=True,
        multiprocessing_context="spawn",
    )
    for epoch in range(2):
        print(
            f"epoch {epoch}: {seconds(alone):.2f} s without a worker, "
            f"{seconds(loader):.2f} s with one"
        )
# --8<-- [end:code]
