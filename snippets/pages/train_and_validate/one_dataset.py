"""Both parts of a split share one dataset, and what is switched in it."""

# prints: training: 0 of 24 items augmented
# prints: validation: 0 of 8 items augmented
# workers: 2, 1

# --8<-- [start:code]
from torch.utils.data import DataLoader, Dataset, random_split


class Photos(Dataset):
    def __init__(self, augment):
        self.augment = augment

    def __len__(self):
        return 32

    def __getitem__(self, index):
        return self.augment


if __name__ == "__main__":
    photos = Photos(augment=True)
    training, validation = random_split(photos, [24, 8])
    photos.augment = False  # meant for validation alone
    for name, part, workers in (
        ("training", training, 2),
        ("validation", validation, 1),
    ):
        loader = DataLoader(part, batch_size=4, num_workers=workers)
        augmented = sum(int(batch.sum()) for batch in loader)
        print(f"{name}: {augmented} of {len(part)} items augmented")
# --8<-- [end:code]
