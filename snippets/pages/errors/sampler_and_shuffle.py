"""A sampler, and a second order beside it."""

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset, WeightedRandomSampler


class Numbers(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        return torch.tensor(index)


if __name__ == "__main__":
    sampler = WeightedRandomSampler([1.0] * 16 + [3.0] * 16, num_samples=32)
    loader = DataLoader(Numbers(), batch_size=8, shuffle=True, sampler=sampler)
    print(f"{len(list(loader))} batches")
# --8<-- [end:code]
