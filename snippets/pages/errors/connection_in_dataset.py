"""A connection to a database cannot be sent to a spawned worker."""

# --8<-- [start:code]
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from torch.utils.data import DataLoader, Dataset


class Table(Dataset):
    def __init__(self, path):
        self.db = sqlite3.connect(path)
        self.rows = self.db.execute("select count(*) from t").fetchone()[0]

    def __len__(self):
        return self.rows

    def __getitem__(self, index):
        found = self.db.execute("select x from t limit 1 offset ?", [index])
        return found.fetchone()[0]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder, "data.db")
        with closing(sqlite3.connect(path)) as db:
            db.execute("create table t as select 1 as x union select 2")
        loader = DataLoader(
            Table(path), num_workers=1, multiprocessing_context="spawn"
        )
        print(f"{len(list(loader))} batches")
# --8<-- [end:code]
