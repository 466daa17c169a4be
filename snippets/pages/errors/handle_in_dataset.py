"""An open file cannot be sent to a spawned worker."""

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset


class OwnLetters(Dataset):
    def __init__(self, path):
        self.file = open(path)

    def __len__(self):
        return 32

    def __getitem__(self, index):
        self.file.seek(index)
        return torch.tensor(ord(self.file.read(1)))


if __name__ == "__main__":
    loader = DataLoader(
        OwnLetters(__file__), num_workers=1, multiprocessing_context="spawn"
    )
    print(f"{len(list(loader))} letters")
# --8<-- [end:code]
