"""Who makes a batch: the main process, or one worker alone."""

# --8<-- [start:code]
from torch.utils.data import DataLoader, Dataset, get_worker_info


class WhoLoadedMe(Dataset):
    def __len__(self):
        return 8 * 32

    def __getitem__(self, index):
        worker = get_worker_info()
        return "main" if worker is None else f"worker {worker.id}"


if __name__ == "__main__":
    for num_workers in (0, 4):
        loader = DataLoader(
            WhoLoadedMe(), batch_size=32, num_workers=num_workers
        )
        print(f"num_workers={num_workers}")
        for number, names in enumerate(loader):
            makers = ", ".join(set(names))
            print(f"  batch {number}: {len(names)} items by {makers}")
# --8<-- [end:code]
