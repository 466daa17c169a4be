"""One tensor for all boxes of the batch, and one for their numbers."""

# needs: resource

# --8<-- [start:code]
import resource

import torch
from torch.utils.data import DataLoader, Dataset


class Boxes(Dataset):
    def __len__(self):
        return 512

    def __getitem__(self, index):
        return torch.zeros(1 + index % 5, 4)


def concatenate(boxes):
    return torch.cat(boxes), torch.tensor([len(some) for some in boxes])


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128))
    loader = DataLoader(
        Boxes(),
        batch_size=256,
        num_workers=2,
        collate_fn=concatenate,
        timeout=60,
    )
    print(f"{len(list(loader))} batches of 2 tensors")
# --8<-- [end:code]
