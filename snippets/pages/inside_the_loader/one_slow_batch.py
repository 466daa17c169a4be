"""In which order batches are given when one of them is slow."""

# runs: in pairs
# prints: in_order=True: \[0, 1, 2, 3, 4, 5, 6, 7\]
# prints: in_order=False: (?!\[0, 1, 2, 3)\[\d(?:, \d){7}\]
# workers: 2, 2

# --8<-- [start:code]
import time

from torch.utils.data import DataLoader, Dataset


class Items(Dataset):
    def __len__(self):
        return 8

    def __getitem__(self, index):
        time.sleep(0.5 if index == 2 else 0.02)
        return index


if __name__ == "__main__":
    for in_order in (True, False):
        loader = DataLoader(
            Items(), batch_size=None, num_workers=2, in_order=in_order
        )
        given = [int(item) for item in loader]
        print(f"in_order={in_order}: {given}")
# --8<-- [end:code]
