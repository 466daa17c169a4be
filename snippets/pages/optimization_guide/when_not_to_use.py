"""Data that is a tensor already: slice whole batches, without a loader."""

# prints: 20000 samples in an epoch, no worker needed

# --8<-- [start:code]
import torch

features = torch.randn(20_000, 20)
targets = torch.randint(0, 10, (20_000,))


def batches(batch_size=256):
    order = torch.randperm(len(features))
    for chosen in order.split(batch_size):
        yield features[chosen], targets[chosen]


seen = sum(len(target) for feature, target in batches())
print(f"{seen} samples in an epoch, no worker needed")
# --8<-- [end:code]
