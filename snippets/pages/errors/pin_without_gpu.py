"""Memory shall be pinned for a GPU that is not there: a warning."""

# needs: no-accelerator

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset


class Numbers(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        return torch.tensor(index)


if __name__ == "__main__":
    loader = DataLoader(
        Numbers(), batch_size=8, num_workers=2, pin_memory=True
    )
    print(f"pinned: {next(iter(loader)).is_pinned()}")
# --8<-- [end:code]
