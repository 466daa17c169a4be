"""Going on in the middle of an epoch: the epoch's order from its number."""

# prints: before:(?: \d+){6}
# prints: after:(?: \d+){6}
# prints: all of them once: True
# workers: 2, 2

# --8<-- [start:code]
from itertools import islice

import torch
from torch.utils.data import DataLoader, TensorDataset

items = TensorDataset(torch.arange(12))


class EpochOrder:
    """The shuffled order of an epoch, from where it was left."""

    def __init__(self, size, epoch, done=0):
        order = torch.Generator().manual_seed(epoch)
        self.left = torch.randperm(size, generator=order)[done:].tolist()

    def __iter__(self):
        return iter(self.left)

    def __len__(self):
        return len(self.left)


def seen(done, batches, num_workers=2):
    order = EpochOrder(len(items), epoch=7, done=done)
    loader = DataLoader(items, 3, sampler=order, num_workers=num_workers)
    return [batch.tolist() for (batch,) in islice(loader, batches)]


if __name__ == "__main__":
    before = sum(seen(done=0, batches=2), [])
    after = sum(seen(done=len(before), batches=2), [])
    print("before:", *before)
    print("after:", *after)
    print("all of them once:", sorted(before + after) == list(range(12)))
# --8<-- [end:code]
