"""Who makes a batch: the main process, or one worker alone."""

# prints: num_workers=0
# prints: (?s:.+)
# prints:   batch 7: 32 items by worker 3
# workers: 0, 4, …

# --8<-- [start:code]
from torch.utils.data import DataLoader, Dataset, get_worker_info


class WhoLoadedMe(Dataset):
    def __len__(self):
        return 8 * 32

    def __getitem__(self, index):
        worker = get_worker_info()
        return "main" if worker is None else f"worker {worker.id}"


def show_makers(loader):
    print(f"num_workers={loader.num_workers}")
    for number, names in enumerate(loader):
        makers = ", ".join(set(names))
        print(f"  batch {number}: {len(names)} items by {makers}")


if __name__ == "__main__":
    dataset = WhoLoadedMe()

    # Without workers - sequential loading
    train_loader = DataLoader(dataset, batch_size=32, num_workers=0)
    # Main process: Load data → Send to GPU → Train → Repeat
    show_makers(train_loader)

    # With workers - parallel loading
    train_loader = DataLoader(dataset, batch_size=32, num_workers=4)
    # Main process: Train on GPU
    # Worker 0: Load batch 0, then batch 4
    # Worker 1: Load batch 1, then batch 5
    # Worker 2: Load batch 2, then batch 6
    # Worker 3: Load batch 3, then batch 7
    show_makers(train_loader)
# --8<-- [end:code]
