"""Going on in the middle of an epoch, wrongly: the order is drawn anew."""

# prints: seen twice:(?: \d+)+
# prints: never seen:(?: \d+)+
# workers: 0, 0

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, TensorDataset

items = TensorDataset(torch.arange(12))


def seen_in(loader, batches):
    taken = []
    for number, (batch,) in enumerate(loader):
        if number in batches:
            taken += batch.tolist()
    return taken


if __name__ == "__main__":
    torch.manual_seed(0)
    before = seen_in(DataLoader(items, 3, shuffle=True), range(0, 2))
    after = seen_in(DataLoader(items, 3, shuffle=True), range(2, 4))
    twice = sorted(set(before) & set(after))
    never = sorted(set(range(12)) - set(before) - set(after))
    print("seen twice:", *twice)
    print("never seen:", *never)
# --8<-- [end:code]
