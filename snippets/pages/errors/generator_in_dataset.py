"""A torch.Generator cannot be sent to a spawned worker."""

# needs: open-tensors

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset


class Noise(Dataset):
    def __init__(self):
        self.generator = torch.Generator()

    def __len__(self):
        return 2

    def __getitem__(self, index):
        return torch.rand((), generator=self.generator)


if __name__ == "__main__":
    loader = DataLoader(
        Noise(), num_workers=1, multiprocessing_context="spawn"
    )
    print(f"{len(list(loader))} batches")
# --8<-- [end:code]
