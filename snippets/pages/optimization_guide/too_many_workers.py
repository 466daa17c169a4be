"""Add workers while they pay, and stop at the smallest good enough count."""

# prints: num_workers=\d+: more did not pay here
# workers: 0, 2, …

# --8<-- [start:code]
import time

from torch.utils.data import DataLoader, Dataset


class Items(Dataset):
    def __len__(self):
        return 10**9

    def __getitem__(self, index):
        return sum(i * i for i in range(20_000))


def batches_per_second(num_workers, window=64):
    batches = iter(DataLoader(Items(), batch_size=8, num_workers=num_workers))
    for _ in range(3 * num_workers + 1):
        next(batches)
    start = time.perf_counter()
    for _ in range(window):
        next(batches)
    return window / (time.perf_counter() - start)


def enough_workers(gain=1.1, most=16):
    chosen, best = 0, batches_per_second(0)
    while (more := 2 * chosen or 2) <= most:
        rate = batches_per_second(more)
        if rate < gain * best:
            break
        chosen, best = more, rate
    return chosen


if __name__ == "__main__":
    print(f"num_workers={enough_workers()}: more did not pay here")
# --8<-- [end:code]
