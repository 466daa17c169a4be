"""A class in a module that the workers can import."""

# --8<-- [start:code]
import sys
import tempfile
from pathlib import Path

from torch.utils.data import DataLoader

NUMBERS = """
import torch

class Numbers(torch.utils.data.Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        return torch.tensor(index)
"""

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "my_numbers.py").write_text(NUMBERS)
        sys.path.insert(0, folder)
        from my_numbers import Numbers

        loader = DataLoader(
            Numbers(),
            batch_size=8,
            num_workers=1,
            multiprocessing_context="spawn",
        )
        print(f"{len(list(loader))} batches")
# --8<-- [end:code]
