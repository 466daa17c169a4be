"""A table on the disk, read one block of rows after the other."""

# needs: pyarrow
# prints: each row by itself: [\d.]+ ms a batch
# prints: whole row groups: [\d.]+ ms a batch
# workers: 0, 0

# --8<-- [start:code]
import random

import torch
from pyarrow.parquet import ParquetFile
from torch.utils.data import IterableDataset, get_worker_info


class RowGroups(IterableDataset):
    def __init__(self, path, batch_size):
        self.path, self.batch_size, self.epoch = path, batch_size, 0

    def __iter__(self):
        worker = get_worker_info()
        first, step = (worker.id, worker.num_workers) if worker else (0, 1)
        seed = worker.seed - worker.id if worker else torch.initial_seed()
        self.epoch += 1  # in a worker that is kept, its seed stays
        file = ParquetFile(self.path)  # each worker opens its own
        groups = [*range(file.num_row_groups)]
        # Alike in all workers, so that each group is read by one.
        random.Random(seed + self.epoch).shuffle(groups)
        for group in groups[first::step]:
            rows = numbers(file.read_row_group(group))
            shuffled = rows[torch.randperm(len(rows))]
            yield from shuffled.split(self.batch_size)


def numbers(table):
    columns = [torch.tensor(column.to_numpy()) for column in table.columns]
    return torch.stack(columns, dim=1)


# --8<-- [end:code]

# --8<-- [start:compare]
import time
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow
from pyarrow.parquet import write_table
from torch.utils.data import DataLoader, Dataset

ROWS, GROUP = 40_000, 2_000


class RowByRow(Dataset):
    def __init__(self, path):
        self.file = ParquetFile(path)

    def __len__(self):
        return ROWS

    def __getitem__(self, index):
        group, row = divmod(index, GROUP)
        return numbers(self.file.read_row_group(group))[row]


def ms_per_batch(loader, batches):
    began = time.perf_counter()
    for _ in islice(loader, batches):
        pass
    return 1000 * (time.perf_counter() - began) / batches


if __name__ == "__main__":
    columns = np.random.default_rng(0).random((8, ROWS), np.float32)
    table = pyarrow.table(dict(zip("abcdefgh", columns, strict=True)))
    with TemporaryDirectory() as folder:
        path = Path(folder, "table.parquet")
        write_table(table, path, row_group_size=GROUP)
        by_row = DataLoader(RowByRow(path), batch_size=100, shuffle=True)
        by_group = DataLoader(RowGroups(path, 100), batch_size=None)
        alone, together = ms_per_batch(by_row, 4), ms_per_batch(by_group, 400)
        print(f"each row by itself: {alone:.3g} ms a batch")
        print(f"whole row groups: {together:.3g} ms a batch")
# --8<-- [end:compare]
