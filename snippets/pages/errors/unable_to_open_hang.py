"""Own collate_fn, more tensors than files: a batch lost, and a wait."""

# needs: resource, open-tensors

# --8<-- [start:code]
import resource

import torch
from torch.utils.data import DataLoader, Dataset


class Boxes(Dataset):
    def __len__(self):
        return 512

    def __getitem__(self, index):
        return torch.zeros(1 + index % 5, 4)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128))
    loader = DataLoader(
        Boxes(), batch_size=256, num_workers=2, collate_fn=list, timeout=10
    )
    print(f"{len(list(loader))} batches of 256 tensors")
# --8<-- [end:code]
