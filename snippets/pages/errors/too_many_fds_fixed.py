"""All rows in one tensor are one open file."""

# needs: forkserver

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset


class Rows(Dataset):
    def __init__(self, rows):
        self.rows = rows

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        return self.rows[index]


if __name__ == "__main__":
    rows = [torch.full((4,), float(row)) for row in range(300)]
    loader = DataLoader(
        Rows(torch.stack(rows)),
        batch_size=50,
        num_workers=1,
        multiprocessing_context="forkserver",
    )
    print(f"{len(list(loader))} batches")
# --8<-- [end:code]
