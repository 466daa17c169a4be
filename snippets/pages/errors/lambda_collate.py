"""A lambda has no name by which a spawned worker could find it."""

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset


class Numbers(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        return index


if __name__ == "__main__":
    loader = DataLoader(
        Numbers(),
        batch_size=8,
        num_workers=1,
        collate_fn=lambda items: torch.tensor(items, dtype=torch.float16),
        multiprocessing_context="spawn",
    )
    print(f"{len(list(loader))} batches")
# --8<-- [end:code]
