"""The options are given only where there are workers."""

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, TensorDataset

FOR_WORKERS = {"prefetch_factor": 4, "persistent_workers": True, "timeout": 30}


def make_loader(num_workers):
    return DataLoader(
        TensorDataset(torch.arange(32)),
        batch_size=8,
        num_workers=num_workers,
        **(FOR_WORKERS if num_workers else {}),
    )


if __name__ == "__main__":
    counts = [len(list(make_loader(num_workers))) for num_workers in (0, 2)]
    print(f"{counts[0]} batches without workers, {counts[1]} with two")
# --8<-- [end:code]
