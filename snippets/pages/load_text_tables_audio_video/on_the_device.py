"""Data that fit on the GPU: copied once, and indexed there."""

# prints: 79 batches on \w+

# --8<-- [start:code]
import torch

accelerator = torch.accelerator.current_accelerator(check_available=True)
device = accelerator or torch.device("cpu")
features = torch.randn(20_000, 20).to(device)
targets = torch.randint(0, 10, (20_000,)).to(device)


def batches(batch_size=256):
    order = torch.randperm(len(features), device=device)
    for rows in order.split(batch_size):
        yield features[rows], targets[rows]


print(f"{len(list(batches()))} batches on {device.type}")
# --8<-- [end:code]
