"""A table in tensors, asked once for all rows of a batch."""

# prints: 79 batches, the first \(256, 20\)
# workers: 0

# --8<-- [start:code]
import torch
from torch.utils.data import (
    BatchSampler,
    DataLoader,
    RandomSampler,
    TensorDataset,
)


def whole_batches(data, batch_size):
    rows = BatchSampler(RandomSampler(data), batch_size, drop_last=False)
    return DataLoader(data, sampler=rows, batch_size=None)


if __name__ == "__main__":
    features = torch.randn(20_000, 20)
    targets = torch.randint(0, 10, (20_000,))
    loader = whole_batches(TensorDataset(features, targets), 256)
    batch, _ = next(iter(loader))
    print(f"{len(loader)} batches, the first {tuple(batch.shape)}")
# --8<-- [end:code]
