"""Two datasets, divided by the same indices."""

# prints: training: 24 of 24 items augmented
# prints: validation: 0 of 8 items augmented
# workers: 2, 1

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset, Subset


class Photos(Dataset):
    def __init__(self, augment):
        self.augment = augment

    def __len__(self):
        return 32

    def __getitem__(self, index):
        return self.augment


if __name__ == "__main__":
    order = torch.randperm(32).tolist()
    training = Subset(Photos(augment=True), order[:24])
    validation = Subset(Photos(augment=False), order[24:])
    for name, part, workers in (
        ("training", training, 2),
        ("validation", validation, 1),
    ):
        loader = DataLoader(part, batch_size=4, num_workers=workers)
        augmented = sum(int(batch.sum()) for batch in loader)
        print(f"{name}: {augmented} of {len(part)} items augmented")
# --8<-- [end:code]
