"""A batch of more tensors than the worker may open files."""

# needs: resource, open-tensors

# --8<-- [start:code]
import resource

import torch
from torch.utils.data import DataLoader, Dataset


class Columns(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        return {f"column {n}": torch.tensor(index + n) for n in range(256)}


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128))
    loader = DataLoader(Columns(), batch_size=8, num_workers=2)
    print(f"{len(list(loader))} batches of 256 tensors")
# --8<-- [end:code]
