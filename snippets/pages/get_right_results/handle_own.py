"""Each process opens the file itself, when it first needs it."""

# prints: 0 workers: 0 of 400 are wrong
# prints: 2 workers: 0 of 400 are wrong
# workers: 0, 2

# --8<-- [start:code]
import os
import tempfile
import time

from torch.utils.data import DataLoader, Dataset

COUNT, SIZE = 400, 8


class Records(Dataset):
    def __init__(self, path):
        self.path = path
        self.opened_by = None

    def __len__(self):
        return COUNT

    def __getitem__(self, index):
        if self.opened_by != os.getpid():
            self.file = open(self.path, "rb", buffering=0)
            self.opened_by = os.getpid()
        self.file.seek(index * SIZE)
        time.sleep(0.001)
        return int(self.file.read(SIZE) or -1)


def wrong(path, num_workers):
    loader = DataLoader(Records(path), num_workers=num_workers)
    read = [int(value) for value in loader]
    return sum(value != index for index, value in enumerate(read))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "records")
        with open(path, "w") as file:
            file.writelines(f"{index:0{SIZE}}" for index in range(COUNT))
        for num_workers in (0, 2):
            count = wrong(path, num_workers)
            print(f"{num_workers} workers: {count} of {COUNT} are wrong")
# --8<-- [end:code]
