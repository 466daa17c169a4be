"""A worker that never answers becomes an error."""

# prints: item 0
# prints: DataLoader timed out after 8 seconds
# workers: 1

# --8<-- [start:code]
import time

from torch.utils.data import DataLoader, Dataset


class Hangs(Dataset):
    def __len__(self):
        return 2

    def __getitem__(self, index):
        time.sleep(12 * index)
        return index


if __name__ == "__main__":
    loader = DataLoader(Hangs(), num_workers=1, timeout=8)
    try:
        for item in loader:
            print(f"item {item.item()}")
    except RuntimeError as error:
        print(error)
# --8<-- [end:code]
