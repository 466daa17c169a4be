"""The worker makes its generator, from its own seed."""

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset


class Noise(Dataset):
    def __init__(self):
        self.generator = None

    def __len__(self):
        return 2

    def __getitem__(self, index):
        if self.generator is None:
            seed = torch.initial_seed()
            self.generator = torch.Generator().manual_seed(seed)
        return torch.rand((), generator=self.generator)


if __name__ == "__main__":
    loader = DataLoader(
        Noise(), num_workers=1, multiprocessing_context="spawn"
    )
    print(f"{len(list(loader))} batches")
# --8<-- [end:code]
