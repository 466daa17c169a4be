"""Eight steps, and a loader that has three batches."""

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, TensorDataset

if __name__ == "__main__":
    photos = TensorDataset(torch.zeros(10, 3))
    loader = DataLoader(photos, batch_size=4, num_workers=2)
    batches = iter(loader)
    for step in range(8):
        (batch,) = next(batches)
        print(f"step {step}: {len(batch)} photos")
# --8<-- [end:code]
