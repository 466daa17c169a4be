"""A worker that raises an error: the main process hears of it."""

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset


class Sprites(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        if index == 13:
            raise ValueError("sprite 13 has no pixels")
        return torch.zeros(3, 32, 32)


if __name__ == "__main__":
    try:
        for batch in DataLoader(Sprites(), batch_size=8, num_workers=2):
            pass
    except ValueError as error:
        print(f"{str(error).splitlines()[-1]}")
# --8<-- [end:code]
