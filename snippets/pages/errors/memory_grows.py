"""Python strings: reading them copies their pages into each worker."""

# needs: fork, proc

# --8<-- [start:code]
from multiprocessing import active_children

from torch.utils.data import DataLoader, Dataset


class Names(Dataset):
    def __init__(self):
        self.names = [f"sprite{n:020}" for n in range(10**6)]

    def __len__(self):
        return len(self.names)

    def __getitem__(self, index):
        return len(self.names[index])


def private(worker):
    with open(f"/proc/{worker.pid}/smaps_rollup") as lines:
        sizes = [line.split()[1] for line in lines if "Private_" in line]
    return sum(map(int, sizes)) // 1024


if __name__ == "__main__":
    loader = DataLoader(
        Names(), batch_size=1000, num_workers=2, multiprocessing_context="fork"
    )
    for number, batch in enumerate(loader):
        if number % 300 == 0:
            sizes = [private(worker) for worker in active_children()]
            print(f"batch {number}: private memory {sizes} MB")
# --8<-- [end:code]
