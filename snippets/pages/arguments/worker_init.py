"""What each worker does once, before its first batch: it opens a handle."""

# prints: (?:(?:worker [01] connects\n){2}epoch [12]: 0 1 4 9\n?){2}
# workers: 2, 2

# --8<-- [start:code]
import sqlite3
import sys

from torch.utils.data import DataLoader, Dataset

handles = {}


def connect(worker_id):
    handles["table"] = sqlite3.connect(":memory:")
    sys.stdout.write(f"worker {worker_id} connects\n")


class Squares(Dataset):
    def __len__(self):
        return 4

    def __getitem__(self, index):
        row = handles["table"].execute("select ? * ?", (index, index))
        return row.fetchone()[0]


if __name__ == "__main__":
    loader = DataLoader(Squares(), num_workers=2, worker_init_fn=connect)
    for epoch in (1, 2):
        print(f"epoch {epoch}:", *[int(batch) for batch in loader])
# --8<-- [end:code]
