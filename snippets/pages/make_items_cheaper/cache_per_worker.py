"""A cache in the dataset: each worker fills its own, and takes it along."""

# prints: 0 workers: 32 decoded
# prints: 2 workers: 64 decoded
# prints: 2 workers, persistent_workers=True: [45]\d decoded
# workers: 0, 0, 2, 2, 2, 2

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset


class Cached(Dataset):
    def __init__(self):
        self.cache = {}
        self.decoded = torch.zeros(32, dtype=torch.int64).share_memory_()

    def __len__(self):
        return len(self.decoded)

    def __getitem__(self, index):
        if index not in self.cache:
            self.cache[index] = self.decode(index)
        return self.cache[index]

    def decode(self, index):
        self.decoded[index] += 1
        return torch.zeros(3, 8, 8)


def two_epochs(**settings):
    dataset = Cached()
    order = torch.Generator().manual_seed(0)
    loader = DataLoader(dataset, 4, shuffle=True, generator=order, **settings)
    for _ in range(2):
        for _ in loader:
            pass
    return int(dataset.decoded.sum())


if __name__ == "__main__":
    print(f"0 workers: {two_epochs()} decoded")
    print(f"2 workers: {two_epochs(num_workers=2)} decoded")
    kept = two_epochs(num_workers=2, persistent_workers=True)
    print(f"2 workers, persistent_workers=True: {kept} decoded")
# --8<-- [end:code]
