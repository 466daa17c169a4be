"""Two workers need 8 ms for a batch each, and the loop 10 ms."""

# runs: in pairs

# --8<-- [start:code]
import time

from torch.utils.data import DataLoader, Dataset


class Photos(Dataset):
    def __len__(self):
        return 96

    def __getitem__(self, index):
        time.sleep(0.001)
        return index


if __name__ == "__main__":
    waits = []
    before = time.perf_counter()
    for batch in DataLoader(Photos(), batch_size=8, num_workers=2):
        waits.append(round((time.perf_counter() - before) * 1000))
        time.sleep(0.01)
        before = time.perf_counter()
    print(f"waited {waits} ms")
# --8<-- [end:code]
