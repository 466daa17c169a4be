"""Fewer and smaller batches in flight fit a /dev/shm of 16 MB."""

# needs: small-shm

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset


class Photos(Dataset):
    def __len__(self):
        return 128

    def __getitem__(self, index):
        return torch.zeros(3, 256, 256)


if __name__ == "__main__":
    loader = DataLoader(
        Photos(),
        batch_size=4,
        num_workers=2,
        prefetch_factor=1,
        collate_fn=torch.stack,
        timeout=60,
    )
    print(f"{sum(1 for batch in loader)} batches of 3 MB")
# --8<-- [end:code]
