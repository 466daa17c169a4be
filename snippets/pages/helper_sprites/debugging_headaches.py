"""An error inside a helper: what arrives in the main process."""

# prints: num_workers=2: \d+ lines, last: ValueError: sprite 13 has no pixels
# prints: num_workers=0: 1 lines, last: sprite 13 has no pixels
# workers: 0, 2, …

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset


class OneBadSprite(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        if index == 13:
            raise ValueError("sprite 13 has no pixels")
        return torch.zeros(3, 32, 32)


def first_error(num_workers):
    try:
        for batch in DataLoader(
            OneBadSprite(), batch_size=8, num_workers=num_workers
        ):
            pass
    except ValueError as error:
        return str(error).splitlines()
    return ["no error"]


if __name__ == "__main__":
    for num_workers in (2, 0):
        lines = first_error(num_workers)
        print(
            f"num_workers={num_workers}: {len(lines)} lines, last: {lines[-1]}"
        )
# --8<-- [end:code]
