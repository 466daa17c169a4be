"""A native call with a null pointer, in a worker."""

# needs: signals
# starts: afresh

# --8<-- [start:code]
import ctypes
import faulthandler

from torch.utils.data import DataLoader, Dataset

NAME = ctypes.create_string_buffer(b"turtle")


class Native(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        address = ctypes.addressof(NAME) if index != 13 else None
        return ctypes.string_at(address).decode()


def name_the_line(worker):
    faulthandler.enable()


if __name__ == "__main__":
    loader = DataLoader(
        Native(),
        batch_size=8,
        num_workers=2,
        worker_init_fn=name_the_line,
    )
    print(f"{len(list(loader))} batches of names")
# --8<-- [end:code]
