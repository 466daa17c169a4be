"""One tensor for all columns: one file for a batch."""

# needs: resource

# --8<-- [start:code]
import resource

import torch
from torch.utils.data import DataLoader, Dataset


class Columns(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        return torch.tensor([index + n for n in range(256)])


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128))
    loader = DataLoader(Columns(), batch_size=8, num_workers=2)
    print(f"{len(list(loader))} batches of one tensor with 256 columns")
# --8<-- [end:code]
