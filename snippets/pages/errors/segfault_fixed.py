"""The same native call, where there is something to read."""

# --8<-- [start:code]
import ctypes

from torch.utils.data import DataLoader, Dataset

NAME = ctypes.create_string_buffer(b"turtle")


class Native(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        address = ctypes.addressof(NAME) if index != 13 else None
        if address is None:
            return "nameless"
        return ctypes.string_at(address).decode()


if __name__ == "__main__":
    loader = DataLoader(Native(), batch_size=8, num_workers=2)
    print(f"{len(list(loader))} batches of names")
# --8<-- [end:code]
