"""Three options for workers, and no workers."""

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, TensorDataset

numbers = TensorDataset(torch.arange(32))

for option in ({"prefetch_factor": 4}, {"persistent_workers": True}):
    try:
        DataLoader(numbers, batch_size=8, num_workers=0, **option)
    except ValueError as refused:
        print(f"ValueError: {refused}")

loader = DataLoader(numbers, batch_size=8, num_workers=0, timeout=30)
print(f"{len(list(loader))} batches")
# --8<-- [end:code]
