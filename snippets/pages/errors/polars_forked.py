"""Polars was used before the fork: the worker has none of its threads."""

# needs: fork, polars

# --8<-- [start:code]
import polars as pl
from torch.utils.data import DataLoader, Dataset


class Rows(Dataset):
    def __init__(self):
        self.frame = pl.DataFrame({"x": range(32)})

    def __len__(self):
        return 32

    def __getitem__(self, index):
        return self.frame.filter(pl.col("x") == index)["x"].item()


if __name__ == "__main__":
    dataset = Rows()
    print(f"in the main process: {dataset[3]}")
    loader = DataLoader(
        dataset, num_workers=1, timeout=3, multiprocessing_context="fork"
    )
    print(f"{len(list(loader))} batches")
# --8<-- [end:code]
