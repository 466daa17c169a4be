"""One open archive in all workers: each moves where the others read."""

# needs: fork

# --8<-- [start:code]
import tempfile
import zipfile
from pathlib import Path

from torch.utils.data import DataLoader, Dataset


class Archive(Dataset):
    def __init__(self, path):
        self.archive = zipfile.ZipFile(path)

    def __len__(self):
        return 2_000

    def __getitem__(self, index):
        return len(self.archive.read(f"{index % 20}.bin"))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sprites.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for number in range(20):
                archive.writestr(f"{number}.bin", bytes([number]) * 50_000)
        loader = DataLoader(
            Archive(path),
            batch_size=50,
            num_workers=2,
            multiprocessing_context="fork",
        )
        print(f"{len(list(loader))} batches")
# --8<-- [end:code]
