"""Memory is pinned where there is an accelerator that it can be pinned for."""

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset


class Numbers(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        return torch.tensor(index)


if __name__ == "__main__":
    accelerator = torch.accelerator.current_accelerator(check_available=True)
    loader = DataLoader(
        Numbers(),
        batch_size=8,
        num_workers=2,
        pin_memory=accelerator is not None and accelerator.type != "mps",
    )
    print(f"pinned: {next(iter(loader)).is_pinned()}, no warning")
# --8<-- [end:code]
