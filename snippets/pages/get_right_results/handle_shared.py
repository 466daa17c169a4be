"""One open file in all workers: they move the same position in it."""

# needs: fork
# prints: 0 workers: 0 of 400 are wrong
# prints: 2 workers: [1-9]\d* of 400 are wrong
# workers: 0, 2

# --8<-- [start:code]
import tempfile
import time

from torch.utils.data import DataLoader, Dataset

COUNT, SIZE = 400, 8


class Records(Dataset):
    def __init__(self, path):
        self.file = open(path, "rb", buffering=0)

    def __len__(self):
        return COUNT

    def __getitem__(self, index):
        self.file.seek(index * SIZE)
        time.sleep(0.001)
        return int(self.file.read(SIZE) or -1)


def wrong(path, num_workers):
    records = Records(path)
    loader = DataLoader(
        records,
        num_workers=num_workers,
        multiprocessing_context="fork" if num_workers else None,
    )
    read = [int(value) for value in loader]
    records.file.close()
    return sum(value != index for index, value in enumerate(read))


if __name__ == "__main__":
    with tempfile.NamedTemporaryFile("w+") as file:
        file.writelines(f"{index:0{SIZE}}" for index in range(COUNT))
        file.flush()
        for num_workers in (0, 2):
            count = wrong(file.name, num_workers)
            print(f"{num_workers} workers: {count} of {COUNT} are wrong")
# --8<-- [end:code]
