"""Every batch that is kept keeps a file open."""

# needs: resource, open-tensors

# --8<-- [start:code]
import resource

import torch
from torch.utils.data import DataLoader, Dataset


class Numbers(Dataset):
    def __len__(self):
        return 256

    def __getitem__(self, index):
        return torch.tensor(index)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128))
    kept = []
    for batch in DataLoader(Numbers(), num_workers=2):
        kept.append(batch)
    print(f"kept {len(kept)} batches")
# --8<-- [end:code]
