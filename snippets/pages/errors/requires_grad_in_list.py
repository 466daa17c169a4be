"""A worker sends tensors that have a history, and one by one."""

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset


class Embedded(Dataset):
    def __init__(self):
        self.model = torch.nn.Linear(4, 2)

    def __len__(self):
        return 32

    def __getitem__(self, index):
        return self.model(torch.ones(4))


if __name__ == "__main__":
    loader = DataLoader(
        Embedded(), batch_size=8, num_workers=1, collate_fn=list, timeout=10
    )
    print(f"{len(list(loader))} batches")
# --8<-- [end:code]
