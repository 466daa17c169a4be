"""Eight steps over as many epochs as they take."""

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, TensorDataset


def endless(loader):
    if len(loader) == 0:
        raise ValueError("no batch: are there fewer items than batch_size?")
    while True:
        yield from loader


if __name__ == "__main__":
    photos = TensorDataset(torch.zeros(10, 3))
    loader = DataLoader(
        photos, batch_size=4, num_workers=2, persistent_workers=True
    )
    batches = endless(loader)
    for step in range(8):
        (batch,) = next(batches)
        print(f"step {step}: {len(batch)} photos")
# --8<-- [end:code]
