"""The second worker cannot be started, and the code goes on."""

# --8<-- [start:code]
from torch.utils.data import DataLoader, Dataset


class Numbers(Dataset):
    copies = 0

    def __len__(self):
        return 32

    def __getitem__(self, index):
        return index

    def __getstate__(self):  # called for the copy of each worker
        Numbers.copies += 1
        if Numbers.copies == 2:
            raise MemoryError("no room for a second copy")
        return self.__dict__


if __name__ == "__main__":
    loader = DataLoader(
        Numbers(),
        batch_size=8,
        num_workers=2,
        multiprocessing_context="spawn",
    )
    try:
        print(f"{len(list(loader))} batches")
    except MemoryError as error:
        print(f"the loader says: {error}")
# --8<-- [end:code]
