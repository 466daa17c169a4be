"""An LMDB environment of the main process: its places are never given back."""

# needs: fork, lmdb

# --8<-- [start:code]
import tempfile

import lmdb
from torch.utils.data import DataLoader, Dataset


class Records(Dataset):
    def __init__(self, folder):
        self.env = lmdb.open(folder, readonly=True)

    def __len__(self):
        return 1_000

    def __getitem__(self, index):
        with self.env.begin() as transaction:
            return transaction.get(str(index).encode())


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        with lmdb.open(folder) as env, env.begin(write=True) as transaction:
            for number in range(1_000):
                transaction.put(str(number).encode(), bytes([number % 256]))
        loader = DataLoader(
            Records(folder),
            batch_size=50,
            num_workers=2,
            multiprocessing_context="fork",
        )
        print(f"{len(list(loader))} batches")
# --8<-- [end:code]
