"""The same names as Python objects, which workers copy, and packed: shared."""

# prints: Hoard: 2600000 letters
# prints: PackedHoard: 2600000 letters
# workers: 2, …

# --8<-- [start:code]
import numpy as np
from torch.utils.data import DataLoader, Dataset


class Hoard(Dataset):
    """Python strings: reading one writes to its reference count."""

    def __init__(self, names):
        self.names = list(names)

    def __len__(self):
        return len(self.names)

    def __getitem__(self, index):
        return len(self.names[index])


class PackedHoard(Dataset):
    """One array of bytes and one of offsets: two objects in all."""

    def __init__(self, names):
        encoded = [name.encode() for name in names]
        self.ends = np.cumsum([len(name) for name in encoded])
        self.text = np.frombuffer(b"".join(encoded), dtype=np.uint8)

    def __len__(self):
        return len(self.ends)

    def __getitem__(self, index):
        start = self.ends[index - 1] if index else 0
        name = self.text[start : self.ends[index]].tobytes().decode()
        return len(name)


if __name__ == "__main__":
    names = [f"sprites/goblin/{number:07}.png" for number in range(100_000)]
    for dataset in (Hoard(names), PackedHoard(names)):
        loader = DataLoader(dataset, batch_size=1000, num_workers=2)
        letters = sum(int(batch.sum()) for batch in loader)
        print(f"{type(dataset).__name__}: {letters} letters")
# --8<-- [end:code]
