"""Runs under every start method: work behind the guard, classes above it."""

# prints: under (?P<method>\w+) the numbers add up to 32640
# workers: 4, …

# --8<-- [start:code]
import multiprocessing

import torch
from torch.utils.data import DataLoader, Dataset


class Numbers(Dataset):
    def __len__(self):
        return 256

    def __getitem__(self, index):
        return torch.tensor(float(index))


def main():
    loader = DataLoader(Numbers(), batch_size=32, num_workers=4)
    total = sum(batch.sum().item() for batch in loader)
    method = multiprocessing.get_start_method()
    print(f"under {method} the numbers add up to {total:.0f}")


if __name__ == "__main__":
    main()
# --8<-- [end:code]
