"""A sampler lives in main, and hands the epoch out with each index."""

# prints: kept workers see epochs \[0, 1, 2\]
# workers: 2, 2, 2

# --8<-- [start:code]
from torch.utils.data import DataLoader, Dataset, Sampler


class Staged(Dataset):
    def __getitem__(self, item):
        epoch, index = item
        return epoch


class WithEpoch(Sampler):
    def __init__(self):
        self.epoch = 0

    def set_epoch(self, epoch):
        self.epoch = epoch

    def __iter__(self):
        return ((self.epoch, index) for index in range(8))


if __name__ == "__main__":
    sampler = WithEpoch()
    loader = DataLoader(
        Staged(),
        batch_size=4,
        sampler=sampler,
        num_workers=2,
        persistent_workers=True,
    )
    seen = []
    for epoch in range(3):
        sampler.set_epoch(epoch)
        seen += {int(item) for batch in loader for item in batch}
    print("kept workers see epochs", seen)
# --8<-- [end:code]
