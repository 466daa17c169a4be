"""As many workers as there is room for."""

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
        Numbers(), num_workers=1, multiprocessing_context="spawn"
    )
    print(f"{len(list(loader))} numbers")
# --8<-- [end:code]
