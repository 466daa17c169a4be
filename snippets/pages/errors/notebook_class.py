"""A class typed into a notebook, which has no file to import."""

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset

del __file__


class Numbers(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        return torch.tensor(index)


loader = DataLoader(
    Numbers(), batch_size=8, num_workers=1, multiprocessing_context="spawn"
)
print(f"{len(list(loader))} batches")
# --8<-- [end:code]
