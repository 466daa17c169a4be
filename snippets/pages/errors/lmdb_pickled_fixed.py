"""Each worker opens an LMDB environment of its own, at its first item."""

# needs: lmdb

# --8<-- [start:code]
import tempfile

import lmdb
from torch.utils.data import DataLoader, Dataset


class Records(Dataset):
    def __init__(self, folder):
        self.folder, self.env = folder, None

    def __len__(self):
        return 100

    def __getitem__(self, index):
        if self.env is None:
            self.env = lmdb.open(self.folder, readonly=True, lock=False)
        with self.env.begin() as transaction:
            return transaction.get(str(index).encode())


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        with lmdb.open(folder) as env, env.begin(write=True) as transaction:
            for number in range(100):
                transaction.put(str(number).encode(), bytes([number]))
        loader = DataLoader(
            Records(folder), num_workers=1, multiprocessing_context="spawn"
        )
        print(f"{len(list(loader))} records")
# --8<-- [end:code]
