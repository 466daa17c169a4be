"""Pinned batches, and copies that do not block."""

# prints: mean brightness 0\.500, computed on \w+
# workers: 4, …

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset


class Images(Dataset):
    def __len__(self):
        return 256

    def __getitem__(self, index):
        return torch.full((3, 224, 224), index % 256, dtype=torch.uint8)


def main():
    found = torch.accelerator.current_accelerator(check_available=True)
    device = found or torch.device("cpu")
    loader = DataLoader(
        Images(),
        batch_size=32,
        num_workers=4,
        pin_memory=device.type == "cuda",
    )
    total = torch.zeros((), device=device)
    for batch in loader:
        batch = batch.to(device, non_blocking=True)
        total += batch.float().div(255).mean()
    mean = total.item() / len(loader)
    print(f"mean brightness {mean:.3f}, computed on {device.type}")


if __name__ == "__main__":
    main()
# --8<-- [end:code]
