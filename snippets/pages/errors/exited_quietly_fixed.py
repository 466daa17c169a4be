"""A worker that leaves out what it cannot use, instead of leaving."""

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset


class Sprites(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        if index == 13:
            return torch.ones(3, 32, 32)
        return torch.zeros(3, 32, 32)


if __name__ == "__main__":
    loader = DataLoader(Sprites(), batch_size=8, num_workers=2, timeout=60)
    print(f"{len(list(loader))} batches, sprite 13 replaced")
# --8<-- [end:code]
