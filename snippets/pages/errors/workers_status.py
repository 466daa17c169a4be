"""A second worker that cannot be started, when the first one has been."""

# --8<-- [start:code]
from torch.utils.data import DataLoader, Dataset


class Numbers(Dataset):
    sent = 0

    def __len__(self):
        return 8

    def __getitem__(self, index):
        return index

    def __getstate__(self):
        Numbers.sent += 1
        if Numbers.sent == 2:
            raise MemoryError("no room for a second worker")
        return self.__dict__


if __name__ == "__main__":
    loader = DataLoader(
        Numbers(), num_workers=2, multiprocessing_context="spawn"
    )
    try:
        print(f"{len(list(loader))} numbers")
    except MemoryError as error:
        print(f"goes on, in spite of: {error}")
# --8<-- [end:code]
