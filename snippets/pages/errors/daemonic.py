"""A loader with workers, used in a worker."""

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset


class Numbers(Dataset):
    def __len__(self):
        return 4

    def __getitem__(self, index):
        return torch.tensor(index)


class Sums(Dataset):
    def __len__(self):
        return 4

    def __getitem__(self, index):
        return sum(DataLoader(Numbers(), num_workers=1))


if __name__ == "__main__":
    loader = DataLoader(Sums(), num_workers=1)
    print(f"sums: {[int(batch) for batch in loader]}")
# --8<-- [end:code]
