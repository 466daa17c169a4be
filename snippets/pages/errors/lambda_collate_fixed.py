"""partial of a function with a name can be sent."""

# --8<-- [start:code]
from functools import partial

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
        collate_fn=partial(torch.tensor, dtype=torch.float16),
        multiprocessing_context="spawn",
    )
    print(f"{len(list(loader))} batches")
# --8<-- [end:code]
