"""Own collate_fn, /dev/shm of 16 MB: the batch is lost, the loader waits."""

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
        batch_size=32,
        num_workers=2,
        collate_fn=torch.stack,
        timeout=10,
    )
    print(f"{len(list(loader))} batches of 24 MB")
# --8<-- [end:code]
