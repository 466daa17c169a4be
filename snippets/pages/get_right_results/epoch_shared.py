"""A number in shared memory reaches workers that are kept."""

# prints: new workers see epochs \[0, 1, 2\]
# prints: kept workers see epochs \[0, 1, 2\]
# workers: 2, 2, 2, 2, 2, 2

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset


class Staged(Dataset):
    def __init__(self):
        self.epoch = torch.tensor(0).share_memory_()

    def __len__(self):
        return 8

    def __getitem__(self, index):
        return self.epoch.item()


def epochs_seen(dataset, persistent_workers):
    loader = DataLoader(
        dataset,
        batch_size=4,
        num_workers=2,
        persistent_workers=persistent_workers,
    )
    seen = []
    for epoch in range(3):
        dataset.epoch.fill_(epoch)
        seen += {int(item) for batch in loader for item in batch}
    return seen


if __name__ == "__main__":
    print("new workers see epochs", epochs_seen(Staged(), False))
    print("kept workers see epochs", epochs_seen(Staged(), True))
# --8<-- [end:code]
