"""Samples of different lengths, put together in a worker."""

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset


class Sentences(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        return torch.ones(32 - index)


if __name__ == "__main__":
    loader = DataLoader(Sentences(), batch_size=8, num_workers=2)
    print(f"{len(list(loader))} batches")
# --8<-- [end:code]
